#![no_main]
fuzz::target!(signing::fuzzing::certificates);
