//! HTTPS of our own: a certificate and its key in files, read again when they change.

use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tracing::{info, warn};

/// How often it is looked whether the files have changed.
const LOOK: Duration = Duration::from_secs(30);

/// Why there is no HTTPS.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum CertificateError {
    #[error("can't read the certificate {}: {source}. It has to be PEM (`-----BEGIN CERTIFICATE-----`), readable by the daemon's user", path.display())]
    Certificate { path: PathBuf, source: rustls::pki_types::pem::Error },
    #[error("can't read the key {}: {source}. It has to be PEM (`-----BEGIN PRIVATE KEY-----`), readable by the daemon's user", path.display())]
    Key { path: PathBuf, source: rustls::pki_types::pem::Error },
    #[error("the certificate {} holds none: is it the right file?", path.display())]
    Empty { path: PathBuf },
    #[error("the certificate {} and its key can't be used together: {source}", path.display())]
    Pair { path: PathBuf, source: rustls::Error },
}

/// The two files.
#[derive(Debug, Clone)]
pub struct Files {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// When each was changed last; none where it can't be told.
type Changed = [Option<SystemTime>; 2];

impl Files {
    /// What they say, for a server.
    ///
    /// # Errors
    /// [`CertificateError`], which names the file.
    pub fn read(&self) -> Result<Arc<ServerConfig>, CertificateError> {
        let Self { certificate, key } = self;
        let unreadable = |source| CertificateError::Certificate { path: certificate.clone(), source };
        let chain = CertificateDer::pem_file_iter(certificate).map_err(unreadable)?;
        let chain = chain.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
        if chain.is_empty() {
            return Err(CertificateError::Empty { path: certificate.clone() });
        }
        let secret = PrivateKeyDer::from_pem_file(key).map_err(|source| CertificateError::Key { path: key.clone(), source })?;
        let pair = |source| CertificateError::Pair { path: certificate.clone(), source };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let versions = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(pair)?;
        let mut config = versions.with_no_client_auth().with_single_cert(chain, secret).map_err(pair)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    fn changed(&self) -> Changed {
        let changed = |path: &Path| std::fs::metadata(path).and_then(|found| found.modified()).ok();
        [changed(&self.certificate), changed(&self.key)]
    }

    /// Follows the files for as long as it is awaited; a certificate that can't be read leaves the one before.
    pub async fn follow(self, config: RustlsConfig) {
        let mut known = self.changed();
        loop {
            tokio::time::sleep(LOOK).await;
            let changed = self.changed();
            if changed == known {
                continue;
            }
            known = changed;
            match self.read() {
                Ok(read) => {
                    config.reload_from_config(read);
                    info!("the certificate was renewed");
                }
                Err(problem) => warn!("the certificate of before goes on: {problem}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn files(folder: &Path) -> Files {
        Files { certificate: folder.join("certificate.pem"), key: folder.join("key.pem") }
    }

    fn make(files: &Files) {
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"])
            .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
            .arg("-keyout")
            .arg(&files.key)
            .arg("-out")
            .arg(&files.certificate)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    #[test]
    fn a_certificate_and_its_key_are_read_and_what_is_wrong_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let (ours, theirs) = (files(folder.path()), Files { key: folder.path().join("other.pem"), ..files(folder.path()) });
        assert!(ours.read().unwrap_err().to_string().contains("certificate.pem"), "missing");
        make(&ours);
        assert!(ours.read().is_ok());
        assert!(theirs.read().unwrap_err().to_string().contains("other.pem"));
        std::fs::write(&theirs.key, "nothing").unwrap();
        assert!(theirs.read().unwrap_err().to_string().contains("can't read the key"));
        make(&Files { certificate: folder.path().join("third.pem"), ..theirs.clone() });
        assert!(theirs.read().unwrap_err().to_string().contains("can't be used together"));
        std::fs::write(&ours.certificate, "nothing").unwrap();
        assert!(ours.read().unwrap_err().to_string().contains("holds none"));
    }
}
