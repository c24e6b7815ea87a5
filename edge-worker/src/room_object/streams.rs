//! Programs that wait for the answer to their offer: one each.

use std::rc::Rc;

use futures_channel::oneshot;
use protocol::{error::ErrorCode, id::ParticipantId, text::Sdp};
use room::{Answer, Question};
use sorted::Map;
use worker::Result;

use super::driver::Driver;
use crate::room_call::StreamOpened;

/// Why there is no session, and a sentence where the code does not say it all.
type Failure = (ErrorCode, Option<String>);
type Opened = std::result::Result<StreamOpened, Failure>;

/// Whoever waits.
#[derive(Default)]
pub(super) struct Waiting(Map<ParticipantId, oneshot::Sender<Opened>>);

impl Waiting {
    /// What came of an offer.
    pub(super) fn tell(
        &mut self,
        stream: ParticipantId,
        epoch: u64,
        result: std::result::Result<Sdp, (ErrorCode, String)>,
    ) {
        if let Some(sender) = self.0.remove(&stream) {
            let opened = result.map(|sdp| StreamOpened { epoch, sdp });
            // Whoever waited may be gone.
            let _ = sender.send(opened.map_err(|(code, why)| (code, Some(why))));
        }
    }

    /// Those whose answer is not on its way any more wait no longer.
    pub(super) fn keep(&mut self, is_opening: impl Fn(ParticipantId) -> bool) {
        self.0.retain(|stream, _| is_opening(*stream));
    }
}

impl Driver {
    /// Asks [`Question::OpenStream`], and waits for the region.
    pub(super) async fn open_stream(self: &Rc<Self>, question: Question) -> Result<Opened> {
        let Question::OpenStream { stream, .. } = question else {
            return Ok(Err((ErrorCode::InvalidRequest, None)));
        };
        let (sender, receiver) = oneshot::channel();
        self.waiting.borrow_mut().0.insert(stream, sender);
        match self.ask(question)? {
            Ok(Answer::Streaming(_)) => {
                let gone = || Err((ErrorCode::RegionUnavailable, Some("It was replaced or ended meanwhile".into())));
                Ok(receiver.await.unwrap_or_else(|_| gone()))
            }
            Ok(_) => Ok(Err((ErrorCode::Internal, None))),
            Err(code) => Ok(Err((code, None))),
        }
    }
}
