// What the package offers. What you write is camelCase; mockpos' own words (`order_no`) are taken as well. What mockpos
// says is passed on as it says it.

/** A span of time: `15m`, `500ms`, `2h`; or milliseconds. */
export type Span = string | number;
/** A moment: RFC 3339, or a Date. */
export type Moment = string | Date;

export interface StartOptions {
  /** the program; else MOCKPOS_BIN, else `mockpos` on the PATH */
  binary?: string;
  /** TOML text, or a file, or a shipped scenario's name; of several the later goes over the earlier */
  scenario?: string | string[];
  /** 0, the default, takes a free one */
  port?: number;
  /** `real`, `frozen:2026-01-02T03:04:05Z` or `shifted:15m` */
  clock?: string;
  /** what chance and ids follow from */
  seed?: number | bigint;
  /** what the admin asks for */
  token?: string;
  /** further flags of `mockpos serve` */
  args?: string[];
}

/** Starts the program on a free port, and waits until it answers. It ends with this process. */
export function start(options?: StartOptions): Promise<Server>;
/** One that runs already; without an address, that of MOCKPOS_URL, which `mockpos run` sets. */
export function attach(url?: string, options?: { token?: string }): Promise<Server>;

/** Which calls: patterns in which `*` stands for any characters, and numbers. */
export interface CallFilter {
  /** `time` are things that expired or fell due though nobody called */
  kind?: 'call' | 'time';
  endpoint?: string;
  page?: string;
  method?: string;
  path?: string;
  msisdn?: string;
  bin?: string;
  orderNo?: string;
  decidedBy?: string;
  status?: number;
  /** from this number on */
  since?: number;
  /** up to this number, itself left out */
  before?: number;
  /** so many of the newest */
  limit?: number;
}

/** A call and its answer, card data masked. */
export interface Call {
  n: number;
  kind: 'call' | 'time';
  /** what expired */
  id?: string;
  at: string;
  /** `TIME` where nobody called; then `target` says what happened */
  method: string;
  /** path and query */
  target: string;
  endpoint: string | null;
  page: string | null;
  facts: Record<string, unknown>;
  request: string;
  /** 0: the connection was dropped */
  status: number;
  answer: string;
  decided_by: string;
  rules: string[];
  payments: { id: number; before: string | null; after: string | null }[];
  trouble: { kind: string; [more: string]: unknown } | null;
}

export type Outcome =
  | 'succeeds'
  | 'fails'
  | 'half'
  | 'technical_error'
  | 'cancelled'
  | 'times_out'
  | 'never_returns'
  | 'bad_hash'
  | 'wrong_order_no'
  | 'wrong_amount';

/** How a challenge ends. */
export type Finish = ({ outcome: Outcome; mdStatus?: number } | { otp: string }) & {
  /** where the browser is to go, when nobody has said so yet */
  returnUrl?: string;
};

/** A 3-D Secure challenge, as mockpos tells of it. */
export interface ChallengeState {
  id: string;
  purpose: 'payment' | 'purchase';
  payment_id: number | null;
  merchant: string;
  order_no: string;
  amount: string;
  currency: string;
  installment: number;
  card: string;
  msisdn: string | null;
  transaction_type: string | null;
  status: 'open' | 'ended';
  how: { outcome: Outcome; md_status: number } | null;
  created_at: string;
  expires_at: string;
  ended_at: string | null;
  /** the address of the bank's page */
  page: string;
  return_url: string | null;
  /** what the browser brings back to the shop */
  return: { method: string; url: string; fields: Record<string, string> } | null;
}

/** An answer, whatever it is. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface Challenge {
  read(): Promise<ChallengeState>;
  /** Ends it as its holder would. */
  finish(how: Finish): Promise<ChallengeState>;
  /** Ends it, goes back to the shop as the browser would, and gives the shop's answer; without `how` it has ended before. */
  bringBack(how?: Finish): Promise<Answer>;
}

/** A call that must have come, or must not. */
export interface Expectation {
  /** what it is called in reports, and by other expectations */
  name?: string;
  endpoint?: string | string[];
  page?: string | string[];
  /** the keys of a rule's `when` */
  when?: Record<string, unknown>;
  status?: number | string | (number | string)[];
  /** exactly, `1..3` or `>= 2`; not given: at least once */
  count?: number | string;
  never?: boolean;
  /** the name of an expectation whose first call comes later, or earlier */
  before?: string;
  after?: string;
  /** those with numbers happen in the order of their numbers */
  seq?: number;
}

export interface Verification {
  /** more than was said by `expect` before */
  expect?: Expectation[];
  /** calls that went wrong are failures too */
  strict?: boolean;
  /** false: payments need not add up */
  ledger?: boolean;
}

/** What was found. */
export interface Report {
  sandbox: string;
  passed: boolean;
  strict: boolean;
  calls: number;
  dropped: number;
  expectations: { name: string; wanted: string; found: number; passed: boolean; why?: string; calls: number[] }[];
  mistakes: { n: number; call: string; status: number; kind: string; says: string }[];
  payments: number | null;
  broken: { payment: number; order_no: string; violations: string[]; history: string[]; calls: number[] }[];
}

/** Why a call got its answer. */
export interface Explanation {
  call: Call;
  /** in one sentence */
  because: string;
  mistake: { kind: string; says: string } | null;
  signature: Record<string, unknown> | null;
  [rules: string]: unknown;
}

export interface ClockState {
  now: string;
  frozen: boolean;
  at_birth: string;
}

/** The time, and what happened until all was quiet. */
export interface Settled extends ClockState {
  happened: { at: string; what: string; id: number | string; [more: string]: unknown }[];
  /** how many more */
  more?: number;
}

export interface Clock {
  read(): Promise<ClockState>;
  /** Stops the time, at a moment if one is given. */
  freeze(at?: Moment): Promise<ClockState>;
  unfreeze(): Promise<ClockState>;
  set(moment: Moment): Promise<ClockState>;
  /** Moves the time on; what falls due happens, in order, before this resolves. */
  advance(by: Span): Promise<Settled>;
}

/** A delivery to a merchant's webhook. */
export interface Webhook {
  id: number;
  state: 'due' | 'waiting' | 'held' | 'sending' | 'delivered' | 'given_up' | 'withheld';
  merchant: string;
  event: string | null;
  subject: string;
  at: string;
  request: { method: string; url: string; headers: Record<string, string>; body: string };
  tried: number;
  attempts: { at: string; status?: number; body?: string; error?: string }[];
  next: string | null;
}

export interface Webhooks {
  /** Oldest first. */
  list(): Promise<Webhook[]>;
  /** Sends what is due; with `all` until nothing is left, time passing as it must. */
  drain(options?: { all?: boolean }): Promise<Settled>;
  /** Sends one, however it stands. */
  redeliver(webhook: number | Webhook): Promise<Settled>;
  /** Sends one that was held. */
  release(webhook: number | Webhook): Promise<Settled>;
}

/** A world of its own: state, scenario, time and journal. */
export class Sandbox {
  readonly name: string;
  /** what the code under test gets for the vendors' addresses */
  readonly url: string;
  readonly clock: Clock;
  readonly webhooks: Webhooks;
  /** The scenario that is playing, as TOML. */
  scenario(): Promise<string>;
  /** Plays this scenario from the next call on; `name` is what `decided_by` calls it. */
  setScenario(toml: string, options?: { name?: string }): Promise<unknown>;
  /** Begins anew; the scenario that is playing stays, unless `first` brings back the one of the start. */
  reset(options?: { scenario?: 'first' }): Promise<unknown>;
  /** The 3-D Secure challenges, oldest first. */
  challenges(filter?: { status?: 'open' | 'ended'; orderNo?: string; limit?: number }): Promise<ChallengeState[]>;
  /** One challenge: by its id, by a filter, or the only one that is open. */
  challenge(which?: string | { orderNo?: string; status?: 'open' | 'ended' }): Challenge;
  /** The calls that came, oldest first. */
  journal(filter?: CallFilter): Promise<Call[]>;
  /** The calls that fit, once there are `n` of them; rejects after `timeout`, 10 s by default. */
  waitForCalls(filter: CallFilter, n?: number, options?: { timeout?: Span }): Promise<Call[]>;
  /** Something that must have happened when `verify` is called. */
  expect(expectation: Expectation): this;
  /** Rejects when something expected did not happen, or a payment does not add up. */
  verify(more?: Verification): Promise<Report>;
  /** Why a call got its answer. */
  explain(call: number | Call): Promise<Explanation>;
  /** Any call under `/__mockpos/`: the JSON of its answer. */
  ask(method: string, path: string, options?: { json?: unknown; toml?: string; query?: Record<string, string> }): Promise<any>;
}

/** mockpos, and its default sandbox. */
export class Server extends Sandbox {
  /** A sandbox that has just begun. The same name is the same sandbox, begun anew; without one it is a new one. */
  sandbox(name?: string): Promise<Sandbox>;
  /** The sandbox of that name, as it is. */
  peek(name: string): Sandbox;
  /** Ends the process that `start` began; one that was attached to goes on. */
  stop(): Promise<void>;
}

/** mockpos refused, could not be reached, or did not start. */
export class MockposError extends Error {
  readonly status?: number;
  readonly hint?: string;
  readonly body?: unknown;
}

/** What was expected did not happen. */
export class VerificationError extends MockposError {
  readonly report: Report;
}
