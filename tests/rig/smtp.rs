//! A mail server on loopback, as far as a letter needs one: it takes letters, keeps them, and does as it is told.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What it does with the next letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// Takes them.
    #[default]
    Takes,
    /// Knows nobody of that name, for good.
    Refuses,
    /// Is busy: later.
    Later,
    /// Takes them, and never says so: the line is cut.
    SaysNothing,
}

#[derive(Debug, Default)]
struct State {
    manner: Manner,
    letters: Vec<String>,
    asked: usize,
}

/// A server. It ends with the process.
#[derive(Debug, Clone)]
pub struct MailServer {
    /// Where it listens.
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl MailServer {
    /// A server on a free port.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn start() -> Self {
        Self::on(&TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port"))
    }

    /// A server that listens already.
    ///
    /// # Panics
    /// If the system gives no thread.
    #[must_use]
    pub fn on(listener: &TcpListener) -> Self {
        let (address, state) = (listener.local_addr().expect("an address"), Arc::<Mutex<State>>::default());
        let (kept, listener) = (state.clone(), listener.try_clone().expect("a listener"));
        let serve = move || {
            for stream in listener.incoming().flatten() {
                // who hangs up is served no more
                let _ = serve(&stream, &kept);
            }
        };
        std::thread::Builder::new().name("mail-server".into()).spawn(serve).expect("a thread");
        Self { address, state }
    }

    /// What it does from now on.
    pub fn does(&self, manner: Manner) {
        self.held().manner = manner;
    }

    /// The letters it has, whole.
    #[must_use]
    pub fn letters(&self) -> Vec<String> {
        self.held().letters.clone()
    }

    /// How often somebody wanted to leave a letter.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.held().asked
    }

    fn held(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn serve(stream: &TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let held = || state.lock().unwrap_or_else(PoisonError::into_inner);
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let mut out = stream;
    out.write_all(b"220 loopback\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        let word = line.split_whitespace().next().unwrap_or_default().to_uppercase();
        let manner = held().manner;
        let answer: &[u8] = match (&*word, manner) {
            ("EHLO", _) => b"250-loopback\r\n250 8BITMIME\r\n",
            ("RCPT", Manner::Refuses) => b"550 5.1.1 nobody of that name\r\n",
            ("RCPT", Manner::Later) => b"451 4.3.2 later\r\n",
            ("DATA", _) => {
                out.write_all(b"354 go on\r\n")?;
                let text: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                held().letters.push(text.join("\n"));
                if manner == Manner::SaysNothing {
                    return stream.shutdown(std::net::Shutdown::Both);
                }
                b"250 taken\r\n"
            }
            ("MAIL", _) => {
                held().asked += 1;
                b"250 ok\r\n"
            }
            ("QUIT", _) => b"221 bye\r\n",
            _ => b"250 ok\r\n",
        };
        out.write_all(answer)?;
    }
    Ok(())
}
