//! Logs and metrics. The log is one JSON line an event; what stands in it is told in `docs/logging.md`. No personal
//! number, name or token ever does.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// Starts logging to standard error; `RUST_LOG` sets the level (default `info`, requests alone at `warn` in the demo).
/// A second start in one process is ignored.
pub fn start_logging(default: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let started = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    if started.is_err() {
        tracing::debug!("logging runs already");
    }
}

/// Starts metrics; `None` where they run already in this process.
pub fn start_metrics() -> Option<PrometheusHandle> {
    PrometheusBuilder::new().install_recorder().ok()
}
