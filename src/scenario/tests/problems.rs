//! What is refused, where the caret stands, and what is suggested.

use super::*;

/// One mistake each: text after `version = 1`, line, column, part of the message, part of the hint.
type Case = (&'static str, (usize, usize), &'static str, &'static str);

#[rustfmt::skip]
const KEYS: &[Case] = &[
    ("descripton = \"x\"", (2, 1), "unknown key `descripton`", "did you mean `description`?"),
    ("zzz = 1", (2, 1), "unknown key `zzz`", "known: `address`, `akinon`"),
    ("[settings]\nstrickt = true", (3, 1), "unknown key `strickt`", "`strict`"),
    ("[settings]\nstrict = \"true\"", (3, 10), "expected true or false, found a string", "without quotes: `true`"),
    ("[settings]\nstrict = 1", (3, 10), "expected true or false, found an integer", ""),
    ("description = 5", (2, 15), "expected a string, found an integer", "quotes: `\"5\"`"),
    ("rule = 5", (2, 8), "expected a list, each a table, found an integer", ""),
    ("[akinon]\nsession_cookie = \"a b\"", (3, 18), "expected a cookie's name, found `a b`", ""),
    ("[akinon]\nservice_error_status = 200", (3, 24), "from 400 to 599, found `200`", ""),
    ("[masterpass]\nbearer_lifetime = \"0s\"", (3, 19), "expected a duration", ""),
    ("[masterpass]\nbearer_lifetime = \"31h1\"", (3, 19), "expected a duration", ""),
    ("[akinon]\nfresh_session = \"redy\"", (3, 17), "unknown state of a fresh session `redy`", "`ready`"),
    ("[akinon.texts]\nrequried = \"x\"", (3, 1), "unknown key `requried`", "`required`"),
    ("[server]\nlisten = \"4242\"", (3, 10), "expected an address with a port", ""),
    ("[server]\nclock = \"frozen:yesterday\"", (3, 9), "expected `\"real\"`,", ""),
    ("[server]\nseed = -1", (3, 8), "expected a whole number from 0, found `-1`", ""),
    ("[server]\npublic_url = \"mock.example\"", (3, 14), "expected a URL", ""),
    ("[server]\nlog_format = \"jsn\"", (3, 14), "unknown log format `jsn`", "`json`"),
];

#[rustfmt::skip]
const RULES: &[Case] = &[
    ("[[rule]]", (2, 1), "a rule needs `then` or `wire`", ""),
    ("[[rule]]\nwhn = {}\nthen = { approve = true }", (3, 1), "unknown key `whn`", "`when`"),
    ("[[rule]]\nwhen = { endpoint = \"akinon.chekout.complete\" }\nthen = { approve = true }", (3, 21), "unknown endpoint `akinon.chekout.complete`", "`akinon.checkout.complete`"),
    ("[[rule]]\nwhen = { endpoint = [\"akinon.*\", \"akinn.*\"] }\nthen = { approve = true }", (3, 34), "unknown endpoint `akinn.*`", ""),
    ("[[rule]]\nwhen = { page = \"MasterpassRestCompletPage\" }\nthen = { approve = true }", (3, 17), "unknown page", "`MasterpassRestCompletePage`"),
    ("[[rule]]\nwhen = { endpoint = \"akinon.checkout.bin\", page = \"MasterpassRestCompletePage\" }\nthen = { approve = true }", (3, 51), "no endpoint fits this rule", "the same endpoint"),
    ("[[rule]]\nwhen = { endpoint = \"akinon.checkout.bin\" }\nthen = { decline = \"declined\" }", (4, 20), "`decline` is never decided at", "it is decided at `akinon.checkout.complete` (page `MasterpassRestCompletePage`)"),
    ("[[rule]]\nwhen = { endpoint = [] }\nthen = { approve = true }", (3, 21), "an empty list never matches", ""),
    ("[[rule]]\nwhen = { bin = 525864 }\nthen = { approve = true }", (3, 16), "expected 6 to 8 digits", "quotes: `\"525864\"`"),
    ("[[rule]]\nwhen = { bin = [\"52586\"] }\nthen = { approve = true }", (3, 17), "expected 6 to 8 digits, found `52586`", ""),
    ("[[rule]]\nwhen = { amount = \">= 1.2345\" }\nthen = { approve = true }", (3, 19), "expected an amount", ""),
    ("[[rule]]\nwhen = { amount = 100.0 }\nthen = { approve = true }", (3, 19), "found a float", "quotes: `\"100.0\"`"),
    ("[[rule]]\nwhen = { amount = \"200.00..100.00\" }\nthen = { approve = true }", (3, 19), "there is no such amount", ""),
    ("[[rule]]\nwhen = { installment = 37 }\nthen = { approve = true }", (3, 24), "from 1 to 36, found `37`", ""),
    ("[[rule]]\nwhen = { installment = \"> 36\" }\nthen = { approve = true }", (3, 24), "there is no such number", ""),
    ("[[rule]]\nwhen = { nth = 0 }\nthen = { approve = true }", (3, 16), "expected a whole number from 1", ""),
    ("[[rule]]\nwhen = { pos_kind = \"craftgat\" }\nthen = { approve = true }", (3, 21), "unknown POS kind `craftgat`", "`craftgate`"),
    ("[[rule]]\nwhen = { transaction_type = \"PURCHSE\" }\nthen = { approve = true }", (3, 29), "unknown transaction type", "`PURCHASE`"),
    ("[[rule]]\nwhen = { header = { \"x y\" = \"*\" } }\nthen = { approve = true }", (3, 21), "`x y` is no header name", ""),
    ("[[rule]]\nwhen = { every = 1 }\nthen = { approve = true }", (3, 18), "from 2 to", ""),
    ("[[rule]]\nwhen = { probability = \"100.1\" }\nthen = { approve = true }", (3, 24), "a percentage from 0 to 100", ""),
    ("[[rule]]\nwhen = { probability = 0.5 }\nthen = { approve = true }", (3, 24), "found a float", "quotes: `\"0.5\"`"),
    ("[[rule]]\nwhen = { not = {} }\nthen = { approve = true }", (3, 16), "`not` without keys", ""),
    ("[[rule]]\nwhen = { not = { nth = 1 } }\nthen = { approve = true }", (3, 18), "unknown key `nth`", ""),
    ("[[rule]]\nwhen = { not = { endpoint = \"akinn.*\" } }\nthen = { approve = true }", (3, 29), "unknown endpoint `akinn.*`", ""),
    ("[[rule]]\nwhen = { endpoint = \"akinon.*\", not = { endpoint = \"*\" } }\nthen = { approve = true }", (3, 21), "no endpoint fits this rule", ""),
    ("[[rule]]\nwhen = { state = \"bank-dwn\" }\nthen = { set_state = \"bank-down\" }", (3, 18), "unknown state `bank-dwn`", "`bank-down`"),
    ("[[rule]]\nwhen = { not = { state = \"strat\" } }\nthen = { approve = true }", (3, 26), "unknown state `strat`", "`start`"),
    ("[[rule]]\nwhen = { card_program = \"Bonsu\" }\nthen = { approve = true }", (3, 25), "unknown card programme `Bonsu`", "`Bonus`"),
    ("[[rule]]\nwhen = { bank = \"Nobank\" }\nthen = { approve = true }", (3, 17), "unknown bank `Nobank`", ""),
    ("[[rule]]\nwhen = { after = \"60s\", until = \"30s\" }\nthen = { approve = true }", (3, 33), "there is no time", "later"),
    ("[[rule]]\nwhen = { body = { \"a..b\" = \"1\" } }\nthen = { approve = true }", (3, 19), "`a..b` is no path", ""),
    ("[[rule]]\nwhen = { body = { a = {} } }\nthen = { approve = true }", (3, 23), "found a table", ""),
    ("[[rule]]\nwhen = { body = { a = \"5..1\" } }\nthen = { approve = true }", (3, 23), "there is no such number", ""),
    ("[[rule]]\nwhen = { body.a.\"b.\" = 1 }\nthen = { approve = true }", (3, 17), "`a.b.` is no path", ""),
    ("[[rule]]\nwhen = { endpoint = \"gateway.*\", pos_kind = \"masterpass\" }\nthen = { approve = true }", (3, 34), "fits none of the endpoints", "always `craftgate`"),
    ("[[rule]]\nwhen = { payment_status = \"captred\" }\nthen = { approve = true }", (3, 27), "unknown status of a payment `captred`", "`captured`"),
    ("[[rule]]\nwhen = { bank = \"*Garanti*\" }\nthen = { approve = true }", (3, 17), "unknown bank", "`T. GARANTİ BANKASI A.Ş.`"),
    ("[[rule]]\nwhen = { holder = \"90532\" }\nthen = { approve = true }", (3, 10), "unknown key `holder`", "did you mean `msisdn`"),
    ("[[rule]]\nwhen = { amonut = \"5\" }\nthen = { approve = true }", (3, 10), "unknown key `amonut`", "did you mean `amount`"),
    ("[[rule]]\nthen = { decline = true }", (3, 20), "found a boolean", "like `\"amex_can_use_only_mr\"`"),
    ("[[rule]]\nwire = { fault = 1 }", (3, 18), "found an integer", "`\"reset\"`, `\"http\"`"),
    ("[[rule]]\nwhen = { endpoint = \"nothing.of.the.kind\" }\nthen = { approve = true }", (3, 21), "unknown endpoint", "`mockpos endpoints` prints them all"),
    ("[[rule]]\nthen = { approve = true }\nrepeat = true", (4, 10), "`repeat` needs a list", ""),
    ("[[rule]]\nthen = []", (3, 8), "an empty list never matches", ""),
    ("[[rule]]\nthen = [{ approve = true }, { decline = \"x\" }]", (3, 41), "unknown decline reason", ""),
    ("[[rule]]\nwhen = { endpoint = \"*.bin\" }\nthen = [{ error = { code = \"1\" } }, { approve = true }]", (4, 49), "`approve` is never decided", ""),
    ("[[rule]]\nthen = {}", (3, 8), "`then` says nothing", ""),
    ("[[rule]]\nthen = { decline = \"insuficient_funds\" }", (3, 20), "unknown decline reason `insuficient_funds`", "`insufficient_funds`"),
    ("[[rule]]\nthen = { approve = false }", (3, 20), "`approve = false`", "decline = "),
    ("[[rule]]\nthen = { approve = true, decline = \"declined\" }", (3, 36), "`decline` contradicts `approve`", ""),
    ("[[rule]]\nthen = { response_code = \"1409\", decline = \"declined\" }", (3, 26), "`response_code` contradicts `decline`", ""),
    ("[[rule]]\nthen = { description = \"x\" }", (3, 24), "`description` needs `response_code`", ""),
    ("[[rule]]\nthen = { md_status = 1 }", (3, 22), "`md_status` needs `three_ds`", ""),
    ("[[rule]]\nthen = { three_ds = \"fails\", md_status = 1 }", (3, 42), "md_status 1 contradicts", "0, 5, 6, 7 or 8"),
    ("[[rule]]\nthen = { three_ds = \"half\", md_status = 1 }", (3, 41), "md_status 1 contradicts", "2, 3 or 4"),
    ("[[rule]]\nthen = { three_ds = \"succeeds\", md_status = 9 }", (3, 45), "from 0 to 8, found `9`", ""),
    ("[[rule]]\nthen = { callback = {} }", (3, 21), "`callback` says nothing", "status"),
    ("[[rule]]\nthen = { callback = { state = \"x\" } }", (3, 23), "unknown key `state`", "`status`"),
    ("[[rule]]\nwhen = { endpoint = \"akinon.checkout.bin\" }\nthen = { callback = { status = \"x\" } }", (4, 21), "`callback` is never decided at", "`gateway.page.back`"),
    ("[[rule]]\nthen = { token = \"expird\" }", (3, 18), "unknown token fault `expird`", "`expired`"),
    ("[[rule]]\nthen = { error = { field = \"x\" } }", (3, 18), "missing key `message`", "what to say"),
    ("[[rule]]\nthen = { patch = [] }", (3, 18), "an empty `patch` changes nothing", ""),
    ("[[rule]]\nthen = { patch = [{ set = \"a\" }] }", (3, 19), "this is no single change", "remove = "),
    ("[[rule]]\nthen = { patch = [{ set = \"a\", value = 1, null = true }] }", (3, 19), "this is no single change", ""),
    ("[[rule]]\nthen = { patch = [{ set = \"a..b\", value = 1 }] }", (3, 27), "expected a path", ""),
    ("[[rule]]\nthen = { headers = {} }", (3, 20), "empty `headers` change nothing", ""),
    ("[[rule]]\nthen = { headers = { \"x y\" = \"1\" } }", (3, 22), "`x y` is no header name", ""),
    ("[[rule]]\nthen = { headers = { x-y = \"a\\nb\" } }", (3, 28), "a header cannot say this", ""),
    ("[[rule]]\nthen = { headers = { content-length = \"1\" } }", (3, 22), "not for rules to set", "`wire`"),
    ("[[rule]]\nwire = {}", (3, 8), "`wire` says nothing", ""),
    ("[[rule]]\nwire = { when = \"after_commit\" }", (3, 8), "`wire` says nothing", ""),
    ("[[rule]]\nwire = { fault = \"reset\", status = 503 }", (3, 36), "`status` contradicts", ""),
    ("[[rule]]\nwire = { fault = \"http\" }", (3, 18), "needs `status`", "status = 503"),
    ("[[rule]]\nwire = { fault = \"rest\" }", (3, 18), "unknown fault `rest`", "`reset`"),
    ("[[rule]]\nwire = { delay = \"121s\" }", (3, 18), "at most 120 seconds", ""),
    ("[[rule]]\nwire = { delay = 800 }", (3, 18), "found an integer", "quotes"),
    ("[[rule]]\nwire = { delay = \"800ms..200ms\" }", (3, 18), "or a range", ""),
    ("[[rule]]\nwire = { delay = \"1s..121s\" }", (3, 18), "at most 120 seconds", ""),
    ("[[rule]]\nwire = { fault = \"stall\", status = 503 }", (3, 36), "`status` contradicts `fault = \"stall\"`", ""),
    ("[[rule]]\nwire = { fault = \"slow\" }", (3, 18), "`fault = \"slow\"` needs `rate`", "rate = 1000"),
    ("[[rule]]\nwire = { fault = \"stall\", rate = 1 }", (3, 34), "`rate` contradicts `fault = \"stall\"`", ""),
    ("[[rule]]\nwire = { rate = 1 }", (3, 17), "`rate` needs `fault = \"slow\"`", ""),
    ("[[rule]]\nwire = { fault = \"slow\", rate = 0 }", (3, 33), "from 1 to 1000000000, found `0`", ""),
    ("[[rule]]\nwire = { status = 99 }", (3, 19), "from 200 to 599, found `99`", ""),
];

#[rustfmt::skip]
const CLASHES: &[Case] = &[
    ("[[rule]]\nwhen = { endpoint = \"gateway.payment.pay\" }\nthen = { error = { code = \"1\" }, decline = \"declined\" }", (4, 44), "`decline` contradicts `error`", "give each a rule"),
    ("[[rule]]\nwhen = { endpoint = \"akinon.checkout.complete\" }\nthen = { token = \"expired\", three_ds = \"fails\" }", (4, 40), "`three_ds` contradicts `token`", ""),
    ("[[rule]]\nwhen = { three_d = false }\nthen = { three_ds = \"fails\" }", (4, 21), "contradicts `three_d = false`", "no end of it"),
    ("[[rule]]\nwhen = { three_d = true }\nthen = { three_ds = \"cancelled\", approve = true }", (4, 44), "`approve` contradicts `three_ds`", "ends the payment"),
    ("[[rule]]\nthen = { three_ds = \"never_returns\", callback = { hash = \"x\" } }", (3, 49), "`callback` contradicts `three_ds`", "another end"),
    ("[[rule]]\nthen = { decline = \"declined\" }\nwire = { fault = \"reset\" }", (3, 20), "`decline` contradicts `wire`", "after_commit"),
    ("[[rule]]\nthen = { headers = { x = \"1\" } }\nwire = { status = 503 }", (3, 20), "`headers` contradicts `wire`", "after_commit"),
    ("[[rule]]\nthen = { patch = [{ remove = \"a\" }] }\nwire = { fault = \"empty\", when = \"after_commit\" }", (3, 18), "nothing is left of the answer", "a rule of its own"),
    ("[[rule]]\nwhen = { nth = [1, \"3..5\"], every = 7 }\nthen = { approve = true }", (3, 37), "`every`-th one of 7", "one of them"),
    ("[[rule]]\nwhen = { bin = \"525864\", not = { bin = [\"525864\", \"404308\"] } }\nthen = { approve = true }", (3, 32), "`not` fits every call", "leave something over"),
    ("[[rule]]\nwhen = { bin = \"525864\", card_program = \"Bonus\" }\nthen = { approve = true }", (3, 41), "no known card has all", "`525864` has the programme"),
    ("[[rule]]\nwhen = { card_program = \"Bonus\", bank = \"*YAPI*\" }\nthen = { approve = true }", (3, 41), "no known card has all", "one programme and one bank"),
    ("[[rule]]\nthen = { webhook = { send = \"never\", duplicate = 2 } }", (3, 50), "`duplicate` contradicts `send = ", ""),
    ("[[card]]\nnumber = \"5258640000000001\"\nname = \"X Y\"\nasks = [\"three_ds\", \"cvv\"]", (5, 8), "nothing can be asked for after `three_ds`", "at the end"),
];

#[rustfmt::skip]
const DATA: &[Case] = &[
    ("[[product]]\nname = \"a\"\nsku = \"a\"\nprice = \"0.00\"", (5, 9), "more than nothing", ""),
    ("[[product]]\nname = \"a\"\nsku = \"a\"\nprice = \"1.005\"", (5, 9), "TRY has at most 2 decimals", ""),
    ("[[product]]\nname = \"a\"\nsku = \"a\"\nprice = 100", (5, 9), "found an integer", "`\"100\"`"),
    ("[[product]]\nname = \"a\"\nsku = \"a\"", (2, 1), "missing key `price`", "price = \"100.00\""),
    ("[[product]]\nname = \"a\"\nsku = \"a\"\nprice = \"1\"\ncurrency = \"TL\"", (6, 12), "unknown currency `TL`", ""),
    ("[[product]]\nname = \"a\"\nsku = \"a\"\nprice = \"1\"\n[[product]]\nname = \"b\"\nsku = \"b\"\nprice = \"2\"\ncurrency = \"USD\"", (9, 9), "costs USD, the first one TRY", "one currency"),
    ("[[product]]\nname = \"a\"\nsku = \"a\"\nprice = \"1\"\npk = 2\n[[product]]\nname = \"b\"\nsku = \"b\"\nprice = \"2\"\n[[basket]]\nproduct = 2", (7, 1), "two with the number 2", ""),
    ("[[product]]\nname = \"a\"\nsku = \"a\"\nprice = \"1\"\npk = 7", (2, 1), "the basket holds product 1", "`[[basket]]`"),
    ("[[basket]]\nproduct = 2", (3, 11), "the basket holds product 2", ""),
    ("payment_option = []", (2, 18), "there must be a way to pay", ""),
    ("[[delivery_option]]\nname = \"a\"\nslug = \"a\"\nkind = \"retail\"", (5, 8), "unknown kind of delivery `retail`", "`retail_store`"),
    ("[[shipping_option]]\nname = \"a\"\nslug = \"a\"\namount = \"1\"\n[[shipping_option]]\nname = \"b\"\nslug = \"a\"\namount = \"1\"", (8, 8), "two with the slug `a`", ""),
    ("[[customer]]\nemail = \"ayse\"\npassword = \"a\"\nfirst_name = \"a\"\nlast_name = \"b\"\nphone = \"905321234567\"", (3, 9), "expected a mail address, found `ayse`", ""),
    ("[[bin]]\nprefix = \"5258641\"", (3, 10), "expected 6 or 8 digits", ""),
    ("[[bin]]\nprefix = \"525864\"\nkind = \"credt\"", (4, 8), "unknown kind of card `credt`", "`credit`"),
    ("[[bin]]\nprefix = \"525864\"\nbank_code = 111", (4, 13), "`bank_code` needs `bank`", ""),
    ("[[bin]]\nprefix = \"525864\"\n[[bin]]\nprefix = \"525864\"", (5, 10), "two with the prefix `525864`", ""),
    ("[[installments]]\ncounts = { 3 = 5.0 }", (3, 16), "expected a percentage", "quotes: `\"5.0\"`"),
    ("[[installments]]\ncounts = { 37 = \"5\" }", (3, 12), "from 1 to 36, found `37`", ""),
    ("[[installments]]\ncounts = { 3 = \"5\", 03 = \"6\" }", (3, 21), "the count 3 is there twice", ""),
    ("[[installments]]\ncounts = { 3 = \"5\" }\nlabels = { 6 = { en = \"a\", tr = \"b\" } }", (4, 12), "no rate for 6 parts", ""),
    ("[[installments]]\nprogram = \"x\"", (2, 1), "missing key `counts`", ""),
];

#[rustfmt::skip]
const WALLET: &[Case] = &[
    ("[[card]]\nname = \"A\"\nnumber = \"4242424242424242\"", (4, 10), "may be somebody's card", "a published test number"),
    ("[[card]]\nname = \"A\"\nnumber = \"5258640000000002\"", (4, 10), "that passes its check", ""),
    ("[[card]]\nnumber = \"5258640000000001\"", (2, 1), "needs `name`", "`holder`"),
    ("[[card]]\nname = \"A\"\nnumber = \"5258640000000001\"\nvault = true", (5, 9), "`vault` needs `holder`", ""),
    ("[[card]]\nname = \"A\"\nnumber = \"5258640000000001\"\nmd_status = 1", (5, 13), "`md_status` needs `three_ds`", ""),
    ("[[card]]\nname = \"A\"\nnumber = \"5258640000000001\"\ndecline = \"declined\"\nresponse_code = \"1\"", (6, 17), "contradicts `decline`", ""),
    ("[[holder]]\nmsisdn = \"905550000000\"\n[[card]]\nholder = \"905550000001\"\nalias = \"a\"\nnumber = \"5258640000000001\"", (5, 10), "there is no holder `905550000001`", ""),
    ("[[holder]]\nmsisdn = \"905550000000\"\n[[card]]\nholder = \"905550000000\"\nnumber = \"5258640000000001\"", (4, 1), "needs `alias`", ""),
    ("[[card]]\nname = \"A\"\nnumber = \"5258640000000001\"\n[[holder]]\nmsisdn = \"905550000000\"\n[[holder]]\nmsisdn = \"905550000000\"", (8, 10), "two with the number", ""),
];

#[rustfmt::skip]
const EXAMPLES: &[Case] = &[
    ("[[example]]\nexpect = {}", (2, 1), "missing key `call`", ""),
    ("[[example]]\ncall = \"get /\"", (3, 8), "unknown method `get`", "`GET`"),
    ("[[example]]\ncall = \"/orders\"", (3, 8), "unknown method", "a method and a path"),
    ("[[example]]\ncall = \"GET orders\"", (3, 8), "`orders` is no path", "begins with `/`"),
    ("[[example]]\ncall = \"GET /{token}\"", (3, 8), "no example before this one keeps `token`", ""),
    ("[[example]]\ncall = \"GET /\"\nkeep = { token = \"token\" }\n[[example]]\ncall = \"GET /\"\nheaders = { a = \"{tokn}\" }", (7, 17), "keeps `tokn`", "`{token}`"),
    ("[[example]]\ncall = \"POST /\"\njson = { a = [\"{x}\"] }", (4, 8), "keeps `x`", ""),
    ("[[example]]\ncall = \"POST /\"\njson = {}\nbody = \"x\"", (5, 8), "only one of", ""),
    ("[[example]]\ncall = \"POST /\"\nform = { a = [1] }", (4, 14), "a field of a form is", ""),
    ("[[example]]\ncall = \"GET /\"\nkeep = { \"a b\" = \"c\" }", (4, 10), "`a b` is no name", "letters"),
    ("[[example]]\ncall = \"GET /\"\nkeep = { a = \"b..c\" }", (4, 14), "expected a path", ""),
    ("[[example]]\ncall = \"GET /\"\nexpect = { arrives = \"garbage\", status = 200 }", (4, 42), "bytes that are no HTTP have no answer", ""),
    ("[[example]]\ncall = \"GET /\"\nexpect = { dropped = true, status = 200 }", (4, 37), "a dropped connection has no answer", ""),
    ("[[example]]\ncall = \"GET /\"\nexpect = { body = { a = { nul = true } } }", (4, 27), "unknown key `nul`", "`null`"),
    ("[[example]]\ncall = \"GET /\"\nexpect = { body = { a = {} } }", (4, 25), "no single thing", "null = true"),
    ("[[example]]\ncall = \"GET /\"\nexpect = { staus = 200 }", (4, 12), "unknown key `staus`", "`status`"),
    ("[[example]]\ncall = \"GET /\"\nexpect = { delay = \"1d\" }", (4, 20), "expected a duration", ""),
];

#[test]
fn one_mistake_is_one_problem_at_its_place() {
    for (text, place, message, hint) in [KEYS, RULES, CLASHES, DATA, WALLET, EXAMPLES].concat() {
        let found = problems(&format!("version = 1\n{text}"));
        let one = &found.list[0];
        let seen = format!("{text}\n---\n{found}");
        assert_eq!(found.list.len(), 1, "{seen}");
        assert_eq!((one.line, one.column), place, "{seen}");
        assert!(one.message.contains(message), "{seen}");
        let said = one.hint.as_deref().unwrap_or_default();
        assert!(
            said.contains(hint) && (hint.is_empty() == said.is_empty() || hint.is_empty()),
            "{seen}"
        );
        assert!(
            found
                .render()
                .contains(&format!("dir/test.toml:{}:{}", place.0, place.1)),
            "{seen}"
        );
    }
}

/// The kinds that are not the compiler's, and those of `stack` and `warnings`.
const ELSEWHERE: [Mistake; 9] = [
    Mistake::ExampleFails,
    Mistake::Unreadable,
    Mistake::UnknownVariable,
    Mistake::UnusedVariable,
    Mistake::NotExtended,
    Mistake::Shadowed,
    Mistake::NeverKnown,
    Mistake::UnlistedCode,
    Mistake::Unused,
];

#[test]
fn every_kind_of_mistake_has_a_case_here() {
    let cases = [KEYS, RULES, CLASHES, DATA, WALLET, EXAMPLES].concat();
    let texts = cases
        .iter()
        .map(|(text, ..)| format!("version = 1\n{text}"));
    let large = format!("version = 1\n#{}", "x".repeat(compile::LARGEST));
    let more = ["version = 2".to_owned(), "version = ".to_owned(), large];
    let found = texts.chain(more).flat_map(|text| problems(&text).list);
    let mut found: Vec<_> = found.map(|problem| problem.mistake).collect();
    found.extend(ELSEWHERE);
    found.sort_unstable();
    found.dedup();
    assert_eq!(found, Mistake::ALL);
}

#[test]
fn endpoints_and_pages_are_looked_at_whatever_else_is_wrong() {
    let found = problems(
        "version = 1\n[[rule]]\nwhen = { endpoint = \"akinn.*\", zzz = 1 }\nthen = { approve = 1 }\n\
         [[rule]]\nwhen = { page = \"P\", not = { endpoint = \"zz\" } }\n[[rule]\n",
    );
    let codes: Vec<_> = found
        .list
        .iter()
        .map(|p| (p.line, p.mistake.code()))
        .collect();
    let expected = [
        (3, "S009"),
        (3, "S004"),
        (4, "S006"),
        (6, "S010"),
        (6, "S009"),
        (7, "S001"),
    ];
    assert_eq!(codes, expected, "{found}");
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_text() {
    let found = problems(
        "version = 2\n[settings]\nstrikt = true\n[[rule]]\nwhen = { bin = 1, nth = 0 }\n\
         [[rule]]\nthen = { approve = true, decline = \"x\" }\nwire = { delay = 1 }\n\
         [[product]]\nname = \"\"\n[[example]]\ncall = \"GET\"\n",
    );
    let places: Vec<_> = found.list.iter().map(|p| (p.line, p.column)).collect();
    let expected = [
        (1, 11),
        (3, 1),
        (5, 16),
        (5, 25),
        (7, 36),
        (8, 18),
        (9, 1),
        (9, 1),
        (10, 8),
        (12, 8),
    ];
    assert_eq!(places, expected, "{found}");
}

#[test]
fn a_problem_is_drawn_with_its_line_and_a_caret() {
    let found = problems("version = 1\n\n[[rule]]\nwhen = { enpoint = \"akinon.*\" }\r\n");
    let expected = "\
error[S004]: unknown key `enpoint`
 --> dir/test.toml:4:10
  |
4 | when = { enpoint = \"akinon.*\" }
  |          ^^^^^^^
  |
  = hint: did you mean `endpoint`?
";
    assert_eq!(found.render(), expected);
}

#[test]
fn syntax_is_told_and_what_follows_it_is_not_guessed_at() {
    let found = problems("version = 1\nzzz = 1\n[[rule]\nwhen = 3\n");
    let places: Vec<_> = found.list.iter().map(|p| p.line).collect();
    assert_eq!(places, [2, 3], "{found}");
    for text in [
        "version = ",
        "= 1",
        "version = 1\nversion = 1",
        "\u{0}",
        "version = 1\n\u{1b}[2J",
    ] {
        let found = problems(text);
        assert!(!found.render().contains(['\u{0}', '\u{1b}']), "{found:?}");
    }
}

#[test]
fn the_version_is_asked_for() {
    let found = problems("description = \"x\"");
    assert_eq!((found.list[0].line, found.list[0].column), (1, 1));
    assert!(
        found.list[0].message.contains("missing key `version`"),
        "{found}"
    );
}

#[test]
fn columns_count_characters() {
    let found = problems("version = 1\nserver = { \"ığü\" = 1, sed = 1 }");
    let places: Vec<_> = found.list.iter().map(|p| p.column).collect();
    assert_eq!(places, [12, 23], "{found}");
    assert!(found.render().contains("dir/test.toml:2:23"), "{found}");
}

#[test]
fn sizes_are_bounded() {
    let large = format!("version = 1\n#{}", "x".repeat(compile::LARGEST));
    let found = problems(&large);
    assert!(
        found.list[0].message.contains("larger than 1048576 bytes"),
        "{found}"
    );

    let rule = "[[rule]]\nwire={delay=\"1s\"}\n";
    let text = |n| format!("version = 1\n{}", rule.repeat(n));
    let most = compile::MOST_RULES;
    let full = Scenario::compile("x", &text(most), &catalog()).unwrap();
    assert_eq!(full.rules.len(), most);
    let found = problems(&text(most + 1));
    assert!(
        found.list[0].message.contains("there are 20001 rules"),
        "{found}"
    );

    let many = problems(&format!("version = 1\n{}", "[[rule]]\n".repeat(250)));
    assert_eq!((many.list.len(), many.more), (problem::MOST, 150));
    assert!(many.render().contains("and 150 more problems"));

    let long = problems(&format!("version = 1\nx = \"{}\"", "x".repeat(500_000)));
    assert!(long.render().len() < 10_000);
    let far = problems(&format!(
        "version = 1\nserver = {{ quiet = {}true, x = 1 }}",
        " ".repeat(9_000)
    ));
    assert!(far.render().contains("dir/test.toml:2:9026"), "{far}");
    problems(&format!("version = 1\nx = {}", "[".repeat(5_000)));
}

#[test]
fn no_byte_makes_the_compiler_panic() {
    const BYTES: &[u8] = b"\"\n={]9.-x\0\xff";
    let text = "version = 1\n[[rule]]\nwhen = { endpoint = \"akinon.*\", bin = [\"525864\"], amount = \"1.00..2.00\", \
                nth = \"2..3\", header = { a = \"*\" } }\nthen = { three_ds = \"half\", md_status = 2 }\n\
                wire = { status = 503, delay = \"1s\" }\n[[installments]]\ncounts = { 3 = \"5.00\" }\n\
                [[product]]\nname = \"ş\"\nsku = \"s\"\nprice = \"1.50\"\n\
                [[example]]\ncall = \"GET /a{b}\"\nexpect = { body = { \"a.0\" = 1.5 } }\n";
    let catalog = catalog();
    let mut refused = 0;
    for at in 0..text.len() {
        for n in 0..3 {
            let byte = BYTES[(at * 5 + n) % BYTES.len()];
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = byte;
            let text = String::from_utf8_lossy(&bytes);
            if let Err(found) = Scenario::compile("x", &text, &catalog) {
                assert!(found.render().starts_with("error[S"));
                refused += 1;
            }
        }
    }
    assert!(refused > 500, "{refused}");
}
