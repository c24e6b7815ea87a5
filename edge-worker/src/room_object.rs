//! The `Room` object: a thin driver around [`room::Room`], one for each meeting.
//!
//! It loads and stores rows, carries out outputs and keeps sockets. It must never decide about the
//! meeting, never hold the core across an await, and keep nothing running in a quiet call, so that
//! the object can hibernate: no timers, no pending fetches, no outgoing sockets.

#![expect(missing_docs, reason = "the methods that `durable_object` writes have none")]

mod driver;
mod errands;
mod letterbox;
pub mod sql;
mod streams;

use std::rc::Rc;

use protocol::{
    error::{ErrorCode, Problem},
    signal::{PING, PONG, SUBPROTOCOL},
};
use room::{Identity, Input, Question};
use serde::Serialize;
use worker::{
    DurableObject, Env, Error, Request, Response, Result, Socket, State, WebSocket, WebSocketIncomingMessage,
    WebSocketPair, WebSocketRequestResponsePair, durable_object,
};

use self::driver::Driver;
use crate::{
    room_call::{AskSeat, Create, PERSON_HEADER, RegionSays, SeatGranted, asked, person, respond, title},
    socket,
};

/// The object of one meeting.
#[durable_object]
pub struct Room {
    driver: Rc<Driver>,
}

impl DurableObject for Room {
    fn new(state: State, env: Env) -> Self {
        if let Ok(pair) = WebSocketRequestResponsePair::new(PING, PONG) {
            state.set_websocket_auto_response(&pair);
        }
        Self { driver: Driver::new(state, env) }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        match request.path().as_str() {
            "/create" => self.create(asked(&mut request).await?),
            "/seat" => self.seat(&asked(&mut request).await?),
            "/details" => self.details(asked::<Option<Identity>>(&mut request).await?.as_ref()),
            "/calendar" => self.calendar(&asked(&mut request).await?),
            "/ask" => self.ask(asked(&mut request).await?),
            "/stream" => self.stream(asked(&mut request).await?).await,
            "/events" => self.events(asked(&mut request).await?),
            "/connect" => self.open_socket(&request),
            _ => refuse(ErrorCode::NotFound, "The room does not know this"),
        }
    }

    async fn alarm(&self) -> Result<Response> {
        self.driver.woken()?;
        Response::empty()
    }

    async fn websocket_message(&self, socket: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        let text = socket::text(message);
        match driver::connection(&socket) {
            Some(connection) => self.driver.handle(Input::Received { connection: connection.id, text }),
            None => Ok(()),
        }
    }

    async fn websocket_close(&self, socket: WebSocket, code: usize, _reason: String, _clean: bool) -> Result<()> {
        socket::answer_close(&socket, code);
        self.driver.disconnected(&socket)
    }

    async fn websocket_error(&self, socket: WebSocket, _error: Error) -> Result<()> {
        self.driver.disconnected(&socket)
    }

    // The trait's own method panics when it is called.
    async fn connect(&self, _socket: Socket) -> Result<()> {
        Ok(())
    }
}

impl Room {
    fn create(&self, create: Create) -> Result<Response> {
        let owner = create.wanted.owner.clone();
        let made = self.driver.create(create.new_room())?;
        let details = if made { self.driver.read(|room| room.details_for(owner.as_ref(), true).ok())? } else { None };
        respond(200, &details.flatten())
    }

    fn seat(&self, ask: &AskSeat) -> Result<Response> {
        let identity = ask.identity.as_ref();
        let answer = self.driver.read(|room| {
            let host = ask.host_secret_hash.as_ref().map(|hash| room.is_host_secret(hash));
            // Before anything is told of the secret: whoever asks may not even know the meeting.
            let admission = room.admission(crate::clock::now(), None, identity, host == Some(true))?;
            if host == Some(false) {
                return Ok(None);
            }
            let details = room.details_for(identity, true)?;
            Ok(Some(SeatGranted { details, admission, host: host.is_some() }))
        })?;
        match answer.unwrap_or(Err(ErrorCode::RoomNotFound)) {
            Ok(Some(granted)) => respond(200, &granted),
            Ok(None) => refuse(ErrorCode::Forbidden, "The host secret is not of this meeting"),
            Err(code) => refuse_by(code),
        }
    }

    fn details(&self, identity: Option<&Identity>) -> Result<Response> {
        let details = self.driver.read(|room| room.details_for(identity, false))?;
        answer(details.unwrap_or(Err(ErrorCode::RoomNotFound)))
    }

    fn calendar(&self, identity: &Identity) -> Result<Response> {
        let letter = self.driver.read(|room| room.calendar_letter(identity))?;
        answer(letter.unwrap_or(Err(ErrorCode::RoomNotFound)))
    }

    fn ask(&self, question: Question) -> Result<Response> {
        answer(self.driver.ask(question)?)
    }

    async fn stream(&self, question: Question) -> Result<Response> {
        match self.driver.open_stream(question).await? {
            Ok(opened) => respond(200, &opened),
            Err((code, why)) => refuse(code, why.as_deref().unwrap_or(title(code))),
        }
    }

    fn events(&self, says: RegionSays) -> Result<Response> {
        if self.driver.read(|_| ())?.is_none() {
            return refuse_by(ErrorCode::RoomNotFound);
        }
        for event in says.events {
            self.driver.handle(Input::Happened { instance: says.instance.clone(), event })?;
        }
        respond(200, &())
    }

    fn open_socket(&self, request: &Request) -> Result<Response> {
        // The Worker set this header after it verified the seat; no header of a browser gets here.
        let person = request.headers().get(PERSON_HEADER)?.and_then(|header| person(&header));
        let Some(person) = person else { return refuse(ErrorCode::Unauthorized, "Nobody opens this socket") };
        let identity = person.identity.as_ref();
        let seat = Some(person.participant);
        match self.driver.read(|room| room.admission(crate::clock::now(), seat, identity, person.host))? {
            None => return refuse_by(ErrorCode::RoomNotFound),
            // Somebody who is in already may come back to a full room; the core knows who is in.
            Some(Ok(_) | Err(ErrorCode::RoomFull)) => {}
            Some(Err(code)) => return refuse_by(code),
        }
        let WebSocketPair { client, server } = WebSocketPair::new()?;
        self.driver.connected(&server, person)?;
        let response = Response::from_websocket(client)?;
        response.headers().set("sec-websocket-protocol", SUBPROTOCOL)?;
        Ok(response)
    }
}

fn answer<T: Serialize>(answer: std::result::Result<T, ErrorCode>) -> Result<Response> {
    match answer {
        Ok(value) => respond(200, &value),
        Err(code) => refuse_by(code),
    }
}

fn refuse_by(code: ErrorCode) -> Result<Response> {
    refuse(code, title(code))
}

fn refuse(code: ErrorCode, title: &str) -> Result<Response> {
    respond(code.status(), &Problem::new(code, title))
}
