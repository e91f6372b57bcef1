//! Citizen pages.

use askama::Template;
use ui::prelude::*;

/// The start page of a commune.
#[derive(Template)]
#[template(path = "home.html")]
pub struct Home {
    on_time: f64,
}

impl Home {
    pub fn new() -> Self {
        Self { on_time: 98.6 }
    }
}

pub fn home_shell() -> Shell {
    sample_shell(Surface::Citizen, Lang::Vi, "Dịch vụ công trực tuyến")
}

/// One procedure.
#[derive(Template)]
#[template(path = "procedure.html")]
pub struct Procedure;

pub fn procedure_shell() -> Shell {
    sample_shell(Surface::Citizen, Lang::Vi, "Đăng ký khai sinh")
}
