//! Webhooks on their way: for each sandbox that has some a task of its own, which sends one after the
//! other, by itself when they are due and when somebody waits for it.

mod address;
mod post;

use crate::app::{App, Errand, Step};
use crate::domain::webhook::Answer;
use crate::reply::Reply;
use crate::surface::webhook::Parcel;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};

/// How many are under way at once, in all sandboxes.
const SEATS: usize = 256;
/// How many undelivered ones are named in the end.
const NAMED: usize = 50;

/// Sends what merchants are to be told.
#[derive(Debug)]
pub struct Courier {
    app: Arc<App>,
    routes: Mutex<HashMap<String, Route>>,
    seats: Semaphore,
}

/// The way to a sandbox's task.
#[derive(Debug)]
struct Route {
    /// an errand of the sandbox, to make others of
    pattern: Errand,
    jobs: mpsc::UnboundedSender<Job>,
}

#[derive(Debug)]
enum Job {
    /// something may be due
    Look,
    /// somebody waits for this to be done
    Carry(Box<Errand>, oneshot::Sender<Reply>),
}

impl Courier {
    /// With nothing to do yet.
    pub fn new(app: Arc<App>) -> Self {
        Self {
            app,
            routes: Mutex::default(),
            seats: Semaphore::new(SEATS),
        }
    }

    /// Something is to be sent in that sandbox, now or later.
    pub fn wake(self: &Arc<Self>, sandbox: &str) {
        if let Some(errand) = self.app.errand(sandbox) {
            self.give(sandbox, &errand, Job::Look);
        }
    }

    /// Carries an errand out to its end, whether somebody waits for its answer or not. None: the process
    /// is ending.
    pub async fn carry(self: &Arc<Self>, sandbox: &str, errand: Box<Errand>) -> Option<Reply> {
        let (done, answer) = oneshot::channel();
        let pattern = errand.again();
        self.give(sandbox, &pattern, Job::Carry(errand, done));
        answer.await.ok()
    }

    /// Sends what is due, until `end`; then says what nobody has taken. Nothing more is sent from then on.
    pub async fn finish(self: &Arc<Self>, end: Instant) {
        let waiting: Vec<_> = {
            let routes = self.routes.lock();
            let last = routes.values().map(|route| {
                let (done, answer) = oneshot::channel();
                let errand = Box::new(route.pattern.again());
                // Err: that task has just ended, with nothing left to do
                let _ = route.jobs.send(Job::Carry(errand, done));
                answer
            });
            last.collect()
        };
        for answer in waiting {
            // Err: time is over, or that task has ended
            let _ = timeout_at(end, answer).await;
        }
        // their tasks end with it
        self.routes.lock().clear();
        let left = self.app.undelivered();
        if !left.is_empty() {
            let names = left.iter().take(NAMED).map(String::as_str);
            let ids = names.collect::<Vec<_>>().join(" ");
            tracing::warn!(webhooks = left.len(), ids, "not delivered");
        }
    }

    /// Sends all that is still to be sent, time passing as it must, and gives up what nobody has taken until
    /// `end`.
    pub async fn drain(self: &Arc<Self>, end: Instant) {
        let mut drains = JoinSet::new();
        for (name, errand) in self.app.drains() {
            let courier = Arc::clone(self);
            drains.spawn(async move { courier.carry(&name, Box::new(errand)).await });
        }
        // Err: time is over
        let _ = timeout_at(end, drains.join_all()).await;
        self.app.give_up();
    }

    fn give(self: &Arc<Self>, sandbox: &str, errand: &Errand, job: Job) {
        let mut routes = self.routes.lock();
        // Another sandbox may have taken that name; the task of the former one ends by itself.
        let same = |route: &&Route| route.pattern.is_with(errand);
        if let Some(route) = routes.get(sandbox).filter(same) {
            // Err: never, for a task ends under this lock and takes its route away
            let _ = route.jobs.send(job);
            return;
        }
        let (jobs, inbox) = mpsc::unbounded_channel();
        let _ = jobs.send(job);
        let pattern = errand.again();
        let walk = Walk {
            courier: Arc::clone(self),
            name: sandbox.to_owned(),
            pattern: errand.again(),
            inbox,
        };
        routes.insert(sandbox.to_owned(), Route { pattern, jobs });
        tokio::spawn(walk.run());
    }

    async fn send(&self, parcel: &Parcel) -> Answer {
        // Err: never, for nobody closes it
        let _seat = self.seats.acquire().await;
        post::send(parcel).await
    }
}

/// The task of one sandbox.
struct Walk {
    courier: Arc<Courier>,
    name: String,
    pattern: Errand,
    inbox: mpsc::UnboundedReceiver<Job>,
}

impl Walk {
    async fn run(mut self) {
        loop {
            match self.inbox.try_recv() {
                Ok(job) => self.perform(job).await,
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => {
                    let mut due = self.pattern.again();
                    if self.one(&mut due).await.is_none() {
                        continue;
                    }
                    let goes_on = match self.pattern.rest() {
                        Some(pause) => self.wait(pause).await,
                        None => !self.leaves(),
                    };
                    if !goes_on {
                        return;
                    }
                }
            }
        }
    }

    async fn perform(&mut self, job: Job) {
        let Job::Carry(mut errand, done) = job else {
            return;
        };
        loop {
            if let Some(reply) = self.one(&mut errand).await {
                // Err: nobody waits any longer
                let _ = done.send(reply);
                return;
            }
        }
    }

    /// One step. The answer, when that was the last one.
    async fn one(&self, errand: &mut Errand) -> Option<Reply> {
        let app = &self.courier.app;
        match app.step(errand) {
            Step::Done(reply) => Some(*reply),
            Step::Send(parcel) => {
                let answer = self.courier.send(&parcel).await;
                log(&self.name, &parcel, &answer);
                app.sent(errand, &parcel, answer);
                None
            }
        }
    }

    /// False when nobody can give this task anything more.
    async fn wait(&mut self, pause: Duration) -> bool {
        tokio::select! {
            job = self.inbox.recv() => match job {
                Some(job) => self.perform(job).await,
                None => return false,
            },
            () = sleep(pause) => {}
        }
        true
    }

    /// Whether there is nothing to do, and nobody can give this task anything more.
    fn leaves(&self) -> bool {
        let mut routes = self.courier.routes.lock();
        if !self.inbox.is_empty() || self.pattern.rest().is_some() {
            return false;
        }
        if routes
            .get(&self.name)
            .is_some_and(|route| route.pattern.is_with(&self.pattern))
        {
            routes.remove(&self.name);
        }
        true
    }
}

fn log(sandbox: &str, parcel: &Parcel, answer: &Answer) {
    let (status, error) = match answer {
        Answer::Status(status, _) => (*status, None),
        Answer::Nothing(why) => (0, Some(why.as_str())),
    };
    tracing::info!(target: "mockpos::webhook", sandbox, id = parcel.id, status, error);
}
