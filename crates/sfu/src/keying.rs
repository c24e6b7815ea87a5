//! The keys of a session's media (RFC 5764 §4.2), noted on their way from DTLS to the transport.
//!
//! str0m keeps them to itself. But it lets others make its DTLS connections, so each is made here: the one
//! that it would have made itself, with a listener that notes what was agreed on and changes nothing.

use std::{
    cell::RefCell,
    fmt,
    sync::{Arc, OnceLock},
    time::Instant,
};

use str0m::{
    config::{CryptoProvider, DtlsCert},
    crypto::{
        self, CryptoError,
        dtls::{
            DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, DtlsVersion, KeyingMaterial, ProtocolVersion,
            SrtpProfile,
        },
    },
};

thread_local! {
    /// What the newest connection of this thread will agree on. A provider is static and is told nothing of
    /// the session that it works for, so this cannot be handed through it.
    static NEWEST: RefCell<Option<Noted>> = const { RefCell::new(None) };
}

/// What a connection agreed on, once it did.
#[derive(Clone, Default)]
pub(crate) struct Noted(Arc<OnceLock<Agreed>>);

/// Keys, and what they are for.
pub(crate) struct Agreed {
    pub(crate) profile: SrtpProfile,
    /// The master keys of client and server, then their salts (RFC 5764 §4.2).
    pub(crate) material: KeyingMaterial,
    /// Whether this end is the client.
    pub(crate) is_client: bool,
}

impl Noted {
    /// That of the transport which was made last on this thread.
    pub(crate) fn newest() -> Self {
        NEWEST.take().unwrap_or_default()
    }

    /// The keys; nothing before they are agreed on.
    pub(crate) fn agreed(&self) -> Option<&Agreed> {
        self.0.get()
    }
}

impl fmt::Debug for Noted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Noted(…)")
    }
}

/// The same provider, except that keys are noted.
pub(crate) fn noting(plain: CryptoProvider) -> CryptoProvider {
    CryptoProvider { dtls_provider: &Noting, ..plain }
}

#[derive(Debug)]
struct Noting;

impl DtlsProvider for Noting {
    fn generate_certificate(&self) -> Option<DtlsCert> {
        crypto::from_feature_flags().dtls_provider.generate_certificate()
    }

    fn new_dtls(
        &self,
        certificate: &DtlsCert,
        now: Instant,
        version: DtlsVersion,
        mtu: Option<usize>,
    ) -> Result<Box<dyn DtlsInstance>, CryptoError> {
        let connection = crypto::from_feature_flags().dtls_provider.new_dtls(certificate, now, version, mtu)?;
        let noted = Noted::default();
        NEWEST.set(Some(noted.clone()));
        Ok(Box::new(Listened { connection, noted }))
    }
}

/// A connection that is listened to.
#[derive(Debug)]
struct Listened {
    connection: Box<dyn DtlsInstance>,
    noted: Noted,
}

impl DtlsInstance for Listened {
    fn poll_output<'a>(&mut self, buffer: &'a mut [u8]) -> DtlsOutput<'a> {
        let output = self.connection.poll_output(buffer);
        if let DtlsOutput::KeyingMaterial(material, profile) = &output {
            let material = KeyingMaterial::new(material);
            let agreed = Agreed { profile: *profile, material, is_client: self.connection.is_active() };
            // A connection agrees once: DTLS 1.2 is never renegotiated here.
            let _ = self.noted.0.set(agreed);
        }
        output
    }

    fn set_active(&mut self, active: bool) {
        self.connection.set_active(active);
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        self.connection.handle_packet(packet)
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.connection.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.connection.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.connection.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.connection.protocol_version()
    }

    fn is_closing(&self) -> bool {
        self.connection.is_closing()
    }

    fn is_closed(&self) -> bool {
        self.connection.is_closed()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.connection.close()
    }
}
