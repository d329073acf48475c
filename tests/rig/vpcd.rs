//! The stock virtual reader (Debian package `vsmartcard-vpcd`), polled by pcscd like an old reader: one smoke test that nothing here
//! works only with our own driver.
//!
//! Its wire: length (u16, big endian), payload. One byte is a control: 0 off, 1 on, 2 reset (not answered), 4 the ATR (answered).
//! Anything longer is an APDU. A card is a connection: it listens on all addresses, on a port given in reader.conf.

use crate::card::{ATR_MIFARE_1K, Card};
use crate::pcscd::Pcscd;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::thread::JoinHandle;
use std::time::Duration;

const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";

/// A private pcscd with stock virtual readers: vpcd makes two, on two ports in a row.
#[derive(Debug)]
pub struct Vpcd {
    /// pcscd, which runs.
    pub pcscd: Pcscd,
    port: u16,
}

/// A card on it, for as long as it lives.
#[derive(Debug)]
pub struct VpcdCard {
    reader: TcpStream,
    thread: Option<JoinHandle<()>>,
}

impl Vpcd {
    /// Starts one whose readers have this name.
    #[must_use]
    #[track_caller]
    pub fn start(name: &str) -> Self {
        assert!(Path::new(DRIVER).exists(), "{DRIVER} is not there: install the Debian package vsmartcard-vpcd");
        let port = two_free_ports();
        let conf = format!("FRIENDLYNAME \"{name}\"\nDEVICENAME /dev/null:{port}\nLIBPATH {DRIVER}\nCHANNELID {port}\n");
        let mut pcscd = Pcscd::with_config(|_| (conf, Vec::new()));
        pcscd.start();
        Self { pcscd, port }
    }

    /// Lays a card on the first reader. pcscd looks every 400 ms.
    #[track_caller]
    pub fn insert(&self, card: Card) -> VpcdCard {
        let mut attempts = 0;
        let reader = loop {
            match TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)) {
                Ok(reader) => break reader,
                Err(error) => assert!(attempts < 1000, "vpcd never listened on port {}: {error}", self.port),
            }
            attempts += 1;
            std::thread::sleep(Duration::from_millis(10));
        };
        let connection = reader.try_clone().expect("one more file descriptor");
        let thread = std::thread::spawn(move || drop(answer(connection, &card)));
        VpcdCard { reader, thread: Some(thread) }
    }
}

impl Drop for VpcdCard {
    fn drop(&mut self) {
        let _ = self.reader.shutdown(Shutdown::Both);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(mut reader: TcpStream, card: &Card) -> io::Result<()> {
    loop {
        let mut length = [0; 2];
        reader.read_exact(&mut length)?;
        let mut message = vec![0; u16::from_be_bytes(length).into()];
        reader.read_exact(&mut message)?;
        let answer = match message[..] {
            [4] => ATR_MIFARE_1K.to_vec(),
            [_] => continue,
            _ => card.well(&message),
        };
        reader.write_all(&[&(answer.len() as u16).to_be_bytes(), &answer[..]].concat())?;
    }
}

/// Two free ports in a row. Another program may take them before vpcd does; the kernel hands out ports at random, so it hardly ever will.
fn two_free_ports() -> u16 {
    let any = |port| TcpListener::bind((Ipv4Addr::UNSPECIFIED, port));
    loop {
        let first = any(0).and_then(|listener| listener.local_addr()).expect("a free port").port();
        if first < u16::MAX && any(first).is_ok() && any(first + 1).is_ok() {
            return first;
        }
    }
}
