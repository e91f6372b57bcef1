//! What a node tells of itself to whoever watches servers: `/readyz` and `/metrics`.

mod exposition;
mod metrics;
mod ready;
