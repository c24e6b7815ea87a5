//! The `Fleet` object: a thin driver around [`Roster`].

#![expect(missing_docs, reason = "the methods that `durable_object` writes have none")]

use std::cell::RefCell;

use protocol::{
    error::{ErrorCode, Problem},
    region::RegionReport,
};
use worker::{
    DurableObject, Env, Error, Request, Response, Result, Socket, State, WebSocket, WebSocketIncomingMessage,
    durable_object,
};

use super::{ReportError, Roster};
use crate::{clock, room_call::respond};

/// The object named `fleet`.
#[durable_object]
pub struct Fleet {
    roster: RefCell<Roster>,
}

impl DurableObject for Fleet {
    fn new(_state: State, _env: Env) -> Self {
        Self { roster: RefCell::default() }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        match request.path().as_str() {
            "/list" => respond(200, &self.roster.borrow_mut().list(clock::now())),
            "/report" => {
                let report: RegionReport = request.json().await?;
                match self.roster.borrow_mut().report(clock::now(), report) {
                    Ok(()) => respond(200, &None::<Problem>),
                    Err(ReportError::OtherRegion) => {
                        refuse(ErrorCode::Forbidden, "Another region has an instance of that name")
                    }
                    Err(ReportError::Full) => refuse(ErrorCode::RateLimited, "There are too many instances"),
                }
            }
            _ => refuse(ErrorCode::NotFound, "The fleet does not know this"),
        }
    }

    // The trait's own methods panic when they are called, so every one is written out.
    async fn connect(&self, _socket: Socket) -> Result<()> {
        Ok(())
    }

    async fn alarm(&self) -> Result<Response> {
        Response::empty()
    }

    async fn websocket_message(&self, _socket: WebSocket, _message: WebSocketIncomingMessage) -> Result<()> {
        Ok(())
    }

    async fn websocket_close(&self, _socket: WebSocket, _code: usize, _reason: String, _clean: bool) -> Result<()> {
        Ok(())
    }

    async fn websocket_error(&self, _socket: WebSocket, _error: Error) -> Result<()> {
        Ok(())
    }
}

fn refuse(code: ErrorCode, title: &str) -> Result<Response> {
    respond(code.status(), &Problem::new(code, title))
}
