//! The file as it stood after one of its revisions: objects by their numbers, references followed.

use super::reader::Read;
use super::value::{Dict, Value};
use super::{Document, Entry};
use std::collections::BTreeSet;
use std::rc::Rc;

/// References followed from one to the next, at most.
const HOPS_MAX: usize = 16;

/// The file as it stood after its first `sections` sections.
#[derive(Clone, Copy)]
pub struct View<'d, 'a> {
    pub document: &'d Document<'a>,
    pub sections: usize,
}

impl<'d, 'a> View<'d, 'a> {
    /// The newest trailer of this state.
    pub fn trailer(&self) -> &'d Dict {
        &self.document.sections[self.sections - 1].trailer
    }

    /// Where the object stands in this state, and in which section that is said.
    fn found(&self, number: u32) -> Option<(usize, Entry)> {
        let said = self.document.index.get(&number)?;
        said.iter().rev().find(|(section, _)| *section < self.sections).copied()
    }

    pub fn entry(&self, number: u32) -> Option<Entry> {
        self.found(number).map(|(_, entry)| entry)
    }

    /// The object of this number; `Null` when there is none (ISO 32000-2, 7.3.10).
    ///
    /// # Errors
    /// The object is damaged or not where it should be.
    pub fn get(&self, number: u32) -> Read<Rc<Value>> {
        let document = self.document;
        let left = document.reads_left.get().checked_sub(1).ok_or("the file is too complicated")?;
        document.reads_left.set(left);
        let Some((section, entry)) = self.found(number) else { return Ok(Rc::new(Value::Null)) };
        // Lengths and object streams are those of the revision that wrote the object.
        let then = View { document, sections: section + 1 };
        match entry {
            Entry::Free => Ok(Rc::new(Value::Null)),
            Entry::At { offset, generation } => document.object_at(offset, number, generation, then),
            Entry::Within { stream, index } => {
                let (offset, unpacked) = document.object_stream(stream, then)?;
                let place = unpacked.places.get(index).filter(|(id, _)| *id == number);
                let Some((_, at)) = place else {
                    return Err(format!("object {number} is not where the cross-reference says"));
                };
                if let Some(known) = document.parsed.borrow().get(&(offset, Some(index))) {
                    return Ok(Rc::clone(known));
                }
                let value = Rc::new(document.packed(&unpacked.data, *at)?);
                document.parsed.borrow_mut().insert((offset, Some(index)), Rc::clone(&value));
                Ok(value)
            }
        }
    }

    /// The value itself, or what it refers to.
    ///
    /// # Errors
    /// A damaged object, a circle of references.
    pub fn resolve(&self, value: &Value) -> Read<Value> {
        let mut value = value.clone();
        for _ in 0..HOPS_MAX {
            let Value::Ref(number, _) = value else { return Ok(value) };
            self.check_generation(&value)?;
            value = (*self.get(number)?).clone();
        }
        Err("references in a circle".to_owned())
    }

    /// Whether a reference names the generation that the object has.
    ///
    /// # Errors
    /// It names another one.
    pub fn check_generation(&self, reference: &Value) -> Read<()> {
        let Value::Ref(number, generation) = reference else { return Ok(()) };
        let own = match self.entry(*number) {
            Some(Entry::At { generation, .. }) => generation,
            Some(Entry::Within { .. }) => 0,
            Some(Entry::Free) | None => return Ok(()),
        };
        if own != *generation {
            return Err(format!("a reference to object {number} of another generation"));
        }
        Ok(())
    }

    /// What stands in a dictionary under the key, followed; `Null` when nothing does.
    ///
    /// # Errors
    /// As [`View::resolve`].
    pub fn at(&self, dict: &Dict, key: &[u8]) -> Read<Value> {
        dict.get(key).map_or(Ok(Value::Null), |value| self.resolve(value))
    }

    /// The number of the catalog and the catalog.
    ///
    /// # Errors
    /// There is none.
    pub fn catalog(&self) -> Read<(u32, Dict)> {
        let number = self.trailer().get(&b"Root"[..]).and_then(Value::reference).ok_or("no catalog")?;
        match &*self.get(number)? {
            Value::Dict(dict) => Ok((number, dict.clone())),
            _ => Err("the catalog is no dictionary".to_owned()),
        }
    }

    /// `/Size` of the trailer: numbers from here on were never used.
    pub fn size(&self) -> u32 {
        let sections = &self.document.sections[..self.sections];
        let said = sections.iter().filter_map(|s| s.trailer.get(&b"Size"[..]).and_then(Value::int)).max().unwrap_or(0);
        u32::try_from(said).unwrap_or(0)
    }

    /// Numbers of all objects in use.
    pub fn numbers(&self) -> BTreeSet<u32> {
        let all = self.document.index.keys().copied();
        all.filter(|number| self.entry(*number).is_some_and(|entry| entry != Entry::Free)).collect()
    }
}
