//! The objects that an incremental update adds or writes anew, before they are written.

use super::base::{Base, damaged};
use crate::SigningError;
use lopdf::{Dictionary, Object, ObjectId};
use std::collections::BTreeMap;

/// What will be appended to a file.
pub(crate) struct Update<'a> {
    /// The file.
    pub base: Base<'a>,
    /// New and changed objects.
    pub objects: BTreeMap<ObjectId, Object>,
    /// The next free number.
    pub next: u32,
}

impl<'a> Update<'a> {
    /// An update that changes nothing yet.
    pub fn of(base: Base<'a>) -> Self {
        let next = base.first_free();
        Self { base, objects: BTreeMap::new(), next }
    }

    /// Adds a new object.
    pub fn add(&mut self, object: Object) -> ObjectId {
        let id = (self.next, 0);
        self.next += 1;
        self.objects.insert(id, object);
        id
    }

    /// Replaces an object, or says what a new one is.
    pub fn put(&mut self, id: ObjectId, object: Object) {
        self.objects.insert(id, object);
    }

    /// An object as it will be.
    pub fn get(&self, id: ObjectId) -> Result<&Object, SigningError> {
        match self.objects.get(&id) {
            Some(object) => Ok(object),
            None => self.base.document.get_object(id).map_err(damaged),
        }
    }

    /// Follows a reference to the object as it will be; anything else is given back.
    pub fn resolve<'o>(&'o self, object: &'o Object) -> Result<&'o Object, SigningError> {
        match object {
            Object::Reference(id) if self.objects.contains_key(id) => self.get(*id),
            other => self.base.resolve(other),
        }
    }

    /// A dictionary as it will be.
    pub fn dictionary(&self, id: ObjectId) -> Result<Dictionary, SigningError> {
        self.get(id)?.as_dict().cloned().map_err(damaged)
    }

    /// Appends to an array of a dictionary, whether the array is direct, by reference or not there yet. An array that is
    /// referred to is written anew in its place, and its owner stays as it is.
    pub fn append(&mut self, owner: ObjectId, key: &str, item: Object) -> Result<(), SigningError> {
        let mut dictionary = self.dictionary(owner)?;
        match dictionary.get(key.as_bytes()) {
            Ok(Object::Reference(id)) => {
                let id = *id;
                let mut items = match self.get(id)? {
                    Object::Null => Vec::new(),
                    other => other.as_array().map_err(damaged)?.clone(),
                };
                items.push(item);
                self.put(id, Object::Array(items));
            }
            Ok(Object::Array(items)) => {
                let mut items = items.clone();
                items.push(item);
                dictionary.set(key, items);
                self.put(owner, Object::Dictionary(dictionary));
            }
            Ok(Object::Null) | Err(_) => {
                dictionary.set(key, vec![item]);
                self.put(owner, Object::Dictionary(dictionary));
            }
            Ok(_) => return Err(SigningError::Damaged(format!("/{key} is no array"))),
        }
        Ok(())
    }
}
