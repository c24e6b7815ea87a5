//! The `Room` object: a thin driver around [`room::Room`], one for each meeting.
//!
//! It loads and stores rows, carries out outputs and keeps sockets. It must never decide about the
//! meeting, never hold the core across an await, and keep nothing running in a quiet call, so that
//! the object can hibernate: no timers, no pending fetches, no outgoing sockets.

#![expect(missing_docs, reason = "the methods that `durable_object` writes have none")]

mod driver;
mod sql;

use std::rc::Rc;

use protocol::{
    error::{ErrorCode, Problem},
    signal::{PING, PONG, SUBPROTOCOL},
};
use room::{Input, NewRoom};
use worker::{
    DurableObject, Env, Error, Request, Response, Result, Socket, State, WebSocket, WebSocketIncomingMessage,
    WebSocketPair, WebSocketRequestResponsePair, durable_object,
};

use self::driver::Driver;
use crate::{
    json,
    room_call::{AskSeat, Create, PERSON_HEADER, Person, RegionSays, SeatGranted, asked, respond},
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
            "/details" => self.details(),
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
        let text = match message {
            WebSocketIncomingMessage::String(text) => text,
            // The core answers binary messages as what they are: no message of ours.
            WebSocketIncomingMessage::Binary(_) => String::new(),
        };
        match driver::connection(&socket) {
            Some(connection) => self.driver.handle(Input::Received { connection: connection.id, text }),
            None => Ok(()),
        }
    }

    async fn websocket_close(&self, socket: WebSocket, code: usize, _reason: String, _clean: bool) -> Result<()> {
        // workerd leaves the closing handshake (RFC 6455 §7.1.2) of a hibernatable socket to us.
        let code = u16::try_from(code).ok().filter(|code| matches!(code, 1000 | 3000..=4999)).unwrap_or(1000);
        // It may be closed already.
        let _ = socket.close(Some(code), None::<&str>);
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
        let Create { id, code, title, kind, host_secret_hash } = create;
        let made = self.driver.create(NewRoom { id, code, title, kind, host_secret_hash: Some(host_secret_hash) })?;
        let details = if made { self.driver.read(room::Room::details)?.flatten() } else { None };
        respond(200, &details)
    }

    fn seat(&self, ask: &AskSeat) -> Result<Response> {
        let answer = self.driver.read(|room| {
            room.admits(crate::clock::now())?;
            let host = ask.host_secret_hash.as_ref().map(|hash| room.is_host_secret(hash));
            Ok((host, room.details()))
        })?;
        match answer {
            None | Some(Ok((_, None))) => unknown(),
            Some(Err(code)) => refuse(code, "The meeting takes nobody now"),
            Some(Ok((Some(false), _))) => refuse(ErrorCode::Forbidden, "The host secret is not of this meeting"),
            Some(Ok((host, Some(details)))) => respond(200, &SeatGranted { details, host: host.is_some() }),
        }
    }

    fn details(&self) -> Result<Response> {
        match self.driver.read(room::Room::details)?.flatten() {
            Some(details) => respond(200, &details),
            None => unknown(),
        }
    }

    fn events(&self, says: RegionSays) -> Result<Response> {
        if self.driver.read(|_| ())?.is_none() {
            return unknown();
        }
        for event in says.events {
            self.driver.handle(Input::Happened { instance: says.instance.clone(), event })?;
        }
        respond(200, &())
    }

    fn open_socket(&self, request: &Request) -> Result<Response> {
        // The Worker set this header after it verified the seat; no header of a browser gets here.
        let person = request.headers().get(PERSON_HEADER)?.unwrap_or_default();
        let person: Person = json::parse(&person)?;
        match self.driver.read(|room| room.admits(crate::clock::now()))? {
            None => return unknown(),
            // Somebody who is in already may come back to a full room; the core knows who is in.
            Some(Ok(()) | Err(ErrorCode::RoomFull)) => {}
            Some(Err(code)) => return refuse(code, "The meeting takes nobody now"),
        }
        let WebSocketPair { client, server } = WebSocketPair::new()?;
        self.driver.connected(&server, person)?;
        let response = Response::from_websocket(client)?;
        response.headers().set("sec-websocket-protocol", SUBPROTOCOL)?;
        Ok(response)
    }
}

fn unknown() -> Result<Response> {
    refuse(ErrorCode::RoomNotFound, "There is no such meeting")
}

fn refuse(code: ErrorCode, title: &str) -> Result<Response> {
    respond(code.status(), &Problem::new(code, title))
}
