//! What must hold after a fault: nothing that was acknowledged is gone, nothing is there twice, no number was passed over.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};

use super::client::{Answer, Client, Outcome, Refused, content};
use super::journal::Journal;

/// Looks at the commands of one round, or of all. Broken promises go into the journal.
pub fn verify(client: &Client, journal: &Journal, round: Option<usize>) -> Result<()> {
    let entries = journal.entries(round);
    for (command, entry) in &entries {
        let Some(answer) = &entry.answer else { continue };
        match promised(journal, client.find(&answer.code))? {
            None => continue,
            Some(Some(found)) if found == *answer => {}
            Some(Some(found)) => {
                journal.violation(format!("{} was acknowledged for {command} and is {found:?}", answer.code))
            }
            Some(None) => journal.violation(format!("{} was acknowledged for {command} and is gone", answer.code)),
        }
        if let Some(sent) = content(command)
            && let Some(found) = promised(journal, client.file_of(&answer.code))?
            && found.as_ref() != Some(&sent)
        {
            let found = found.map_or_else(|| "is not there".to_owned(), |bytes| format!("has {} bytes", bytes.len()));
            journal.violation(format!("the file of {} had {} bytes and {found}, or others", answer.code, sent.len()));
        }
    }
    // Repeating a command answers as before; one that got no answer gets its only one now.
    for (command, _) in &entries {
        // One that a server at rest refuses for two seconds says enough: hundreds more would take a quarter of an hour.
        let Some(answer) = promised(journal, repeat(client, command))? else { break };
        journal.answered(command, answer);
    }
    let mut by_code: BTreeMap<String, String> = BTreeMap::new();
    for (command, entry) in journal.entries(None) {
        let Some(answer) = entry.answer else { continue };
        if let Some(other) = by_code.insert(answer.code.clone(), command.clone()) {
            journal.violation(format!("{} was given to {other} and to {command}", answer.code));
        }
    }
    Ok(())
}

/// Compares the server's whole list with the journal: every command is there once. `before` are the codes that stood
/// there before the first round.
pub fn verify_list(client: &Client, journal: &Journal, before: &BTreeSet<String>) -> Result<()> {
    let Some(listed) = promised(journal, client.codes())? else { return Ok(()) };
    let mut seen = BTreeSet::new();
    for code in listed.iter().filter(|code| !before.contains(*code)) {
        if !seen.insert(code.clone()) {
            journal.violation(format!("{code} is listed twice"));
        }
    }
    let entries = journal.entries(None);
    let known: BTreeSet<String> = entries.into_iter().filter_map(|(_, entry)| entry.answer).map(|a| a.code).collect();
    for code in seen.difference(&known) {
        journal.violation(format!("{code} is there although no command was answered so"));
    }
    for code in known.difference(&seen) {
        journal.violation(format!("{code} is not in the list"));
    }
    Ok(())
}

/// Looks at the numbers that codes end in: each unit's book of a day goes from 1 on, without a gap. Of the books that
/// stood there before, only those that were written in since are looked at.
pub fn verify_numbers(client: &Client, journal: &Journal) -> Result<()> {
    let Some(listed) = promised(journal, client.codes())? else { return Ok(()) };
    let answered = journal.entries(None).into_iter().filter_map(|(_, entry)| entry.answer);
    let books: BTreeSet<String> = answered.filter_map(|answer| Some(numbered(&answer.code)?.0.to_owned())).collect();
    for wrong in gaps(&listed, &books) {
        journal.violation(wrong);
    }
    Ok(())
}

/// A code's book and its number in it.
fn numbered(code: &str) -> Option<(&str, usize)> {
    let (book, number) = code.rsplit_once('-')?;
    Some((book, number.parse().ok()?))
}

fn gaps(codes: &[String], books: &BTreeSet<String>) -> Vec<String> {
    let mut numbers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for code in codes {
        match numbered(code) {
            Some((book, number)) if books.contains(book) => numbers.entry(book).or_default().push(number),
            Some(_) => {}
            None => wrong.push(format!("{code} ends in no number")),
        }
    }
    for (book, mut numbers) in numbers {
        numbers.sort_unstable();
        let gap = numbers.iter().zip(1..).find(|(number, wanted)| *number != wanted);
        if let Some((number, wanted)) = gap {
            wrong.push(format!("in the book {book} stands {number} where {wanted} should stand"));
        }
    }
    wrong
}

/// A server at rest that refuses has broken a promise; `None` then.
fn promised<T>(journal: &Journal, answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.is::<Refused>() => {
            journal.violation(error.to_string());
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Sends a command to a server at rest until it is answered.
pub fn repeat(client: &Client, command: &str) -> Result<Answer> {
    let mut last = Outcome::Busy;
    for _ in 0..100 {
        match client.receive(command, command) {
            Outcome::Received(answer) => return Ok(answer),
            other => last = other,
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let text = |said: &str| format!("{command} gets no answer on a server at rest: {said}");
    match last {
        Outcome::Unknown(said) => bail!(Refused(text(&said))),
        Outcome::Gone(said) => bail!(text(&said)),
        Outcome::Busy | Outcome::Received(_) => bail!(text("busy")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_missing_or_there_twice_is_noticed() {
        let books: BTreeSet<String> = ["H-261128".to_owned()].into();
        let codes = |numbers: &[&str]| numbers.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        let wrong = |numbers: &[&str]| gaps(&codes(numbers), &books);
        assert_eq!(wrong(&["H-261128-0002", "H-261128-0001", "H-261101-0007"]), Vec::<String>::new());
        assert_eq!(wrong(&["H-261128-0001", "H-261128-0003"]).len(), 1, "2 is missing");
        assert_eq!(wrong(&["H-261128-0002"]).len(), 1, "1 is missing");
        assert_eq!(wrong(&["H-261128-0001", "H-261128-0001"]).len(), 1, "1 is there twice");
        assert_eq!(wrong(&["H-261128-"]).len(), 1);
    }
}
