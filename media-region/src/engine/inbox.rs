//! Datagrams coming in: many in one system call (`recvmmsg`), joined by the kernel where it can (GRO).

use std::{io::IoSliceMut, net::SocketAddr, time::Duration};

use quinn_udp::{BATCH_SIZE, RecvMeta};

/// Room for one buffer of datagrams that the kernel joined: at most 64 kB.
const BUFFER_BYTES: usize = 65_536;

/// Buffers for one batch.
#[derive(Debug)]
pub(crate) struct Inbox {
    bytes: Vec<u8>,
    metas: [RecvMeta; BATCH_SIZE],
    filled: usize,
}

impl Inbox {
    pub(crate) fn new() -> Self {
        Self { bytes: vec![0; BUFFER_BYTES * BATCH_SIZE], metas: [RecvMeta::default(); BATCH_SIZE], filled: 0 }
    }

    /// Fills the buffers with what `receive` finds.
    pub(crate) fn fill(
        &mut self,
        receive: impl FnOnce(&mut [IoSliceMut<'_>], &mut [RecvMeta]) -> std::io::Result<usize>,
    ) -> std::io::Result<()> {
        let mut buffers = self.bytes.chunks_mut(BUFFER_BYTES);
        let mut slices: [IoSliceMut<'_>; BATCH_SIZE] =
            std::array::from_fn(|_| IoSliceMut::new(buffers.next().unwrap_or_default()));
        self.filled = 0;
        self.filled = receive(&mut slices, &mut self.metas)?;
        Ok(())
    }

    /// How many buffers were filled.
    pub(crate) fn buffers(&self) -> usize {
        self.filled
    }

    /// When each media packet came, by the kernel's clock of day, where it says.
    pub(crate) fn arrivals(&self) -> impl Iterator<Item = Duration> {
        self.bytes.chunks(BUFFER_BYTES).zip(&self.metas).take(self.filled).flat_map(|(buffer, meta)| {
            let datagrams = buffer.get(..meta.len).unwrap_or_default().chunks(meta.stride.max(1));
            datagrams.filter(|datagram| sfu::is_media(datagram)).filter_map(|_| meta.timestamp)
        })
    }

    /// The datagrams, each with its source.
    pub(crate) fn datagrams(&self) -> impl Iterator<Item = (SocketAddr, &[u8])> {
        self.bytes.chunks(BUFFER_BYTES).zip(&self.metas).take(self.filled).flat_map(|(buffer, meta)| {
            let bytes = buffer.get(..meta.len).unwrap_or_default();
            bytes.chunks(meta.stride.max(1)).map(|datagram| (meta.addr, datagram))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datagrams_that_the_kernel_joined_come_apart() {
        let mut inbox = Inbox::new();
        let source = SocketAddr::from(([127, 0, 0, 1], 9));
        inbox
            .fill(|buffers, metas| {
                buffers[0][..5].copy_from_slice(b"aabbc");
                buffers[1][..1].copy_from_slice(b"d");
                for (meta, (len, stride)) in metas.iter_mut().zip([(5, 2), (1, 1), (0, 0)]) {
                    (meta.addr, meta.len, meta.stride) = (source, len, stride);
                }
                Ok(3)
            })
            .unwrap();
        let datagrams: Vec<_> = inbox.datagrams().map(|(_, bytes)| bytes.to_vec()).collect();
        assert_eq!(datagrams, [b"aa".to_vec(), b"bb".to_vec(), b"c".to_vec(), b"d".to_vec()]);
        assert!(inbox.fill(|_, _| Err(std::io::ErrorKind::WouldBlock.into())).is_err());
        assert_eq!(inbox.datagrams().count(), 0);
    }
}
