#![no_main]
fuzz::target!(signing::fuzzing::key_file);
