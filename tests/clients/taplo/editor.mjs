// The language server that editors embed, driven as an editor drives it: a file is opened, and asked about at a place.
import taplo from "@taplo/lsp";
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";

/** What the server may see of the machine. */
const machine = (root) => ({
  now: () => new Date(),
  envVar: () => undefined,
  envVars: () => [],
  stdErrAtty: () => false,
  stdin: async () => new Uint8Array(),
  stdout: async (bytes) => bytes.length,
  stderr: async (bytes) => bytes.length,
  glob: () => [],
  readFile: async (path) => readFileSync(path),
  writeFile: async () => {},
  urlToFilePath: (url) => decodeURIComponent(url).slice("file://".length),
  isAbsolute,
  cwd: () => root,
  findConfigFile: (from) => [".taplo.toml", "taplo.toml"].map((name) => join(from, name)).find(existsSync),
  fetch: { fetch, Headers, Request, Response },
});

/** An editor with the folder `root` open. */
export async function editor(root) {
  const waiting = new Map();
  const heard = new Map();
  let told = () => {};
  let next = 1;
  const rootUri = pathToFileURL(root).href;
  const onMessage = (message) => {
    if (message.method && message.id !== undefined) {
      const settings = message.params?.items?.map(() => ({ schema: { enabled: true } }));
      server.send({ jsonrpc: "2.0", id: message.id, result: settings ?? null });
    } else if (message.method === "textDocument/publishDiagnostics") {
      heard.set(message.params.uri, message.params.diagnostics);
      told();
    } else if (message.id !== undefined) {
      waiting.get(message.id)?.(message);
    }
  };
  const server = await taplo.TaploLsp.initialize(machine(root), { onMessage });
  const tell = (method, params) => server.send({ jsonrpc: "2.0", method, params });
  const ask = (method, params) =>
    new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result)));
      server.send({ jsonrpc: "2.0", id, method, params });
    });
  await ask("initialize", {
    processId: null,
    rootUri,
    workspaceFolders: [{ uri: rootUri, name: "shop" }],
    capabilities: { textDocument: { completion: { completionItem: { snippetSupport: false } } } },
    initializationOptions: { configurationSection: "evenBetterToml" },
  });
  tell("initialized", {});

  /** Opens a file with this in it; `|` is where the cursor stands. */
  async function opened(name, marked) {
    const at = marked.indexOf("|");
    const before = marked.slice(0, at < 0 ? 0 : at).split("\n");
    const position = { line: before.length - 1, character: before.at(-1).length };
    const uri = pathToFileURL(join(root, name)).href;
    const text = marked.replace("|", "");
    tell("textDocument/didOpen", { textDocument: { uri, languageId: "toml", version: 1, text } });
    return { uri, position };
  }

  return {
    /** What is underlined, once something is. */
    wrong: async (name, text) => {
      const { uri } = await opened(name, text);
      const found = () => heard.get(uri)?.length > 0; // nothing is found before the schema is read
      await new Promise((resolve) => {
        told = () => found() && resolve();
        told();
      });
      return heard.get(uri);
    },
    /** The words that are offered where `|` stands. */
    offered: async (name, text) => {
      const { uri, position } = await opened(name, text);
      const offer = await ask("textDocument/completion", { textDocument: { uri }, position });
      return (offer?.items ?? offer ?? []).map((item) => item.label);
    },
    /** What is shown over the place where `|` stands. */
    hover: async (name, text) => {
      const { uri, position } = await opened(name, text);
      const shown = await ask("textDocument/hover", { textDocument: { uri }, position });
      return shown?.contents?.value ?? "";
    },
    close: () => server.dispose(),
  };
}
