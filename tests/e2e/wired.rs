//! Readers on the header, from the chip's bytes to the screen. A PN532 on a serial line is read by the real daemon over a pty; I²C and SPI,
//! which no machine without a header has, by the same daemon with only the bus replaced.

mod chain;
mod fuzz;
mod line;
