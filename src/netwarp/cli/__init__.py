"""The commands, one module each: parse, call one library function, show."""
