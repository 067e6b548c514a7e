//! Reads the scenario's files anew when they change. What is no good changes nothing: the last good scenario
//! goes on, and the log and the health say so.

use super::load;
use crate::app::App;
use crate::config::Config;
use crate::scenario::Scenario;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// An editor writes a file in several steps: so long nothing must happen before it is read.
const QUIET: Duration = Duration::from_millis(100);
/// In a directory where others write all the time it is never quiet: then it is read so long after the first change.
const LATEST: Duration = Duration::from_secs(1);

/// Watches until the process ends.
pub struct Watch {
    config: Config,
    app: Arc<App>,
    watcher: RecommendedWatcher,
    changes: UnboundedReceiver<()>,
    watched: BTreeSet<PathBuf>,
    playing: Arc<Scenario>,
    /// what was wrong when it was read last
    trouble: Option<String>,
}

impl Watch {
    /// Watches the directories of the files of `playing`. Err is for people to read.
    pub fn new(config: Config, app: Arc<App>, playing: Arc<Scenario>) -> Result<Self, String> {
        let (tell, changes) = mpsc::unbounded_channel();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| !event.kind.is_access()) {
                // Err: nobody waits for it any more
                let _ = tell.send(());
            }
        });
        let watcher = watcher.map_err(|e| format!("cannot watch files: {e}"))?;
        let mut watch = Self {
            config,
            app,
            watcher,
            changes,
            watched: BTreeSet::new(),
            playing,
            trouble: None,
        };
        watch.look()?;
        if watch.watched.is_empty() {
            let hint =
                "hint: `--watch` needs a scenario that is a file: `--scenario my.toml --watch`";
            return Err(format!("there is no file to watch\n{hint}"));
        }
        Ok(watch)
    }

    /// Directories and not files: an editor may put a new file in the place of the old one.
    fn look(&mut self) -> Result<(), String> {
        let layers = self.playing.layers.iter().map(|layer| layer.name.as_str());
        let named = self.config.scenario.value.iter().map(String::as_str);
        for file in layers.chain(named).filter(|name| load::is_file(name)) {
            let directory = match Path::new(file).parent() {
                Some(parent) if parent != Path::new("") => parent.to_owned(),
                Some(_) | None => PathBuf::from("."),
            };
            if self.watched.contains(&directory) {
                continue;
            }
            let watching = self.watcher.watch(&directory, RecursiveMode::NonRecursive);
            let shown = directory.display();
            watching.map_err(|e| format!("cannot watch `{shown}`: {e}"))?;
            self.watched.insert(directory);
        }
        Ok(())
    }

    /// Reads the files anew whenever they have changed.
    pub async fn run(mut self) {
        while self.changes.recv().await.is_some() {
            let quiet = async {
                while matches!(timeout(QUIET, self.changes.recv()).await, Ok(Some(()))) {}
            };
            // Err: it is not quiet
            let _ = timeout(LATEST, quiet).await;
            // Err: the process ends
            let Ok(read) = spawn_blocking(|| self.reading()).await else {
                return;
            };
            self = read;
        }
    }

    /// With what has been read: that takes a while, and calls are answered meanwhile.
    fn reading(mut self) -> Self {
        self.read();
        self
    }

    fn read(&mut self) {
        match load::load(&self.config) {
            Ok(scenario) => self.play(scenario),
            // said once, however often others write beside it
            Err(why) if self.trouble.as_ref() == Some(&why) => {}
            Err(why) => {
                tracing::error!(
                    "the scenario is no good as it reads now; the last good one goes on\n{why}"
                );
                self.app.trouble(Some(why.clone()));
                self.trouble = Some(why);
            }
        }
    }

    fn play(&mut self, scenario: Scenario) {
        self.app.trouble(None);
        self.trouble = None;
        if scenario.layers == self.playing.layers {
            return;
        }
        super::serve::warn(&scenario);
        tracing::info!(
            scenario = scenario.name,
            rules = scenario.rules.len(),
            "the scenario plays as it reads now"
        );
        if scenario.server != self.playing.server {
            tracing::warn!(
                "`[server]` reads otherwise now, and holds from the next start on: start mockpos again for it"
            );
        }
        self.playing = Arc::new(scenario);
        self.app.replay(&self.playing);
        if let Err(why) = self.look() {
            tracing::warn!("{why}");
        }
    }
}
