//! The command line in Vietnamese: the parser's own headings, flags and mistakes.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Error};

const TEMPLATE: &str = "{about-with-newline}\nCách dùng: {usage}\n\n{all-args}{after-help}";
const OPTIONS: &str = "Tùy chọn";

/// The same command line, explained in Vietnamese.
pub fn vietnamese(mut command: Command) -> Command {
    // Only a built command knows its full name, which stands in the usage.
    command = all(command, &|one| {
        let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("In hướng dẫn này.");
        let one = one.disable_help_flag(true).disable_help_subcommand(true).arg(help);
        let one = one.subcommand_help_heading("Lệnh").subcommand_value_name("LỆNH").help_template(TEMPLATE);
        if one.get_version().is_none() {
            return one;
        }
        let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        one.disable_version_flag(true).arg(version.help("In phiên bản của phần mềm."))
    });
    command = all(command, &|one| one.mut_args(argument));
    command.build();
    all(command, &|mut one| {
        let usage = one.render_usage().to_string();
        let usage = usage.trim_start_matches("Usage:").trim().replace("[OPTIONS]", "[TÙY CHỌN]");
        one.override_usage(usage)
    })
}

/// Applies a change to a command and everything below it.
fn all(command: Command, change: &dyn Fn(Command) -> Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    let command = change(command);
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, |below| all(below, change)))
}

fn argument(argument: Arg) -> Arg {
    let heading = if argument.is_positional() { "Đối số" } else { OPTIONS };
    let defaults: Vec<String> =
        argument.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    let takes_value = matches!(argument.get_action(), ArgAction::Set | ArgAction::Append);
    let help = argument.get_help().map(StyledStr::to_string).unwrap_or_default();
    let argument = argument.help_heading(heading);
    if !takes_value {
        return argument;
    }
    let argument = argument.hide_default_value(true).hide_possible_values(true);
    if defaults.is_empty() {
        return argument;
    }
    argument.help(format!("{} (mặc định: {})", help.trim_end_matches('.'), defaults.join(", ")))
}

/// What was wrong with a command line, and where to look.
pub fn mistake(error: &Error) -> String {
    match error.kind() {
        // Without a command the whole list is the best answer.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => error.render().to_string(),
        kind => {
            let sentence = sentence(kind, error);
            format!("{sentence}\nXem cách dùng bằng: nhaviec --help, hoặc nhaviec LỆNH --help")
        }
    }
}

fn sentence(kind: ErrorKind, error: &Error) -> String {
    let told = |context: ContextKind| match error.get(context) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    let argument = told(ContextKind::InvalidArg);
    match kind {
        ErrorKind::InvalidSubcommand => format!("Không có lệnh «{}».", told(ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => format!("Không có tùy chọn hoặc đối số «{argument}» ở lệnh này."),
        ErrorKind::MissingRequiredArgument => format!("Thiếu: {argument}."),
        ErrorKind::MissingSubcommand => "Chưa ghi lệnh.".to_owned(),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => match told(ContextKind::InvalidValue).as_str() {
            "" => format!("Thiếu giá trị của {argument}."),
            // An address may hold a password.
            value if value.contains('@') || value.contains("password") => {
                format!("Giá trị của {argument} không đúng.")
            }
            value => format!("Giá trị «{value}» của {argument} không đúng."),
        },
        ErrorKind::ArgumentConflict => format!("{argument} ghi thừa hoặc không đi cùng nhau được."),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("Số giá trị của {argument} không đúng.")
        }
        _ => "Dòng lệnh không đúng.".to_owned(),
    }
}
