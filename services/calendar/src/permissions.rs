//! What a role may grant in this module.

use web::{Permission, Reach};

/// See the working hours of units and the country's days off.
pub static CALENDAR_SEE: Permission =
    Permission { name: "calendar.see", title: "Xem lịch làm việc", reach: Reach::Unit };

/// Keep the working hours and the own days of units; the highest unit that has it keeps also the
/// country's days off.
pub static CALENDAR_KEEP: Permission =
    Permission {
        name: "calendar.keep", title: "Quản lý giờ làm việc, ngày nghỉ và ngày làm bù", reach: Reach::Unit
    };

/// All of them.
pub static ALL: &[&Permission] = &[&CALENDAR_SEE, &CALENDAR_KEEP];
