#![no_main]
fuzz::target!(signing::fuzzing::cms);
