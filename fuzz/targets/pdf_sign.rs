#![no_main]
fuzz::pdf_target!(signing::fuzzing::pdf_sign);
