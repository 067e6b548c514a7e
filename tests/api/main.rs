//! Every surface through `App::answer`, in the process: no sockets, seed 1, a frozen clock.

mod akinon;
mod flows;
mod support;
