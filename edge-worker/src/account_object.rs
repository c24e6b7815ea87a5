//! The `Account` object: a thin driver around [`account::Account`], one for each address.
//!
//! It loads and stores rows, carries out outputs and keeps the sockets of home pages. It must never
//! decide about the account, never hold the core across an await, and keep nothing running while
//! nothing happens, so that the object can hibernate.

#![expect(missing_docs, reason = "the methods that `durable_object` writes have none")]

mod driver;

use std::rc::Rc;

use account::{Input, Question};
use protocol::{
    error::{ErrorCode, Problem},
    id::SessionId,
    signal::{PING, PONG, SUBPROTOCOL},
};
use worker::{
    DurableObject, Env, Error, Request, Response, Result, Socket, State, WebSocket, WebSocketIncomingMessage,
    WebSocketPair, WebSocketRequestResponsePair, durable_object,
};

use self::driver::Driver;
use crate::{
    account_call::SESSION_HEADER,
    json,
    room_call::{asked, respond},
    socket,
};

/// The object of one address.
#[durable_object]
pub struct Account {
    driver: Rc<Driver>,
}

impl DurableObject for Account {
    fn new(state: State, env: Env) -> Self {
        if let Ok(pair) = WebSocketRequestResponsePair::new(PING, PONG) {
            state.set_websocket_auto_response(&pair);
        }
        Self { driver: Driver::new(state, env) }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        match request.path().as_str() {
            "/ask" => {
                let question: Question = asked(&mut request).await?;
                respond(200, &self.driver.ask(question)?)
            }
            "/connect" => self.open_socket(&request),
            _ => {
                let problem = Problem::new(ErrorCode::NotFound, "The account does not know this");
                respond(problem.status, &problem)
            }
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

impl Account {
    fn open_socket(&self, request: &Request) -> Result<Response> {
        // The Worker set this header after it verified the token; no header of a browser gets here.
        let session = request.headers().get(SESSION_HEADER)?.unwrap_or_default();
        let session: SessionId = json::parse(&session)?;
        let WebSocketPair { client, server } = WebSocketPair::new()?;
        // A device that is signed out gets its socket closed, with the code that says so: a page
        // cannot see why a socket was refused.
        self.driver.connected(&server, session)?;
        let response = Response::from_websocket(client)?;
        response.headers().set("sec-websocket-protocol", SUBPROTOCOL)?;
        Ok(response)
    }
}
