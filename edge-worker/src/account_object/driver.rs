//! Borrow, handle, drain, drop the borrow, carry out.
//!
//! [`Driver::drive`] never awaits, so one input is carried out as a whole before the next event of
//! the object: two questions never see each other half done. What takes time (mails, rooms) runs
//! beside it and comes back as an input.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use account::{Account, Answer, Connection, ConnectionId, Errand, Input, Output, Question, Random, Record, Refusal};
use mail::Verdict;
use protocol::{
    Millis,
    account::HomeEvent,
    id::{AccountId, RoomId, SessionId},
};
use sha2::{Digest as _, Sha256};
use worker::{Env, Error, Result, State, WebSocket, js_sys, wasm_bindgen::JsValue, wasm_bindgen_futures::JsFuture};

use crate::{
    account_rows::AccountRows, beside, clock, json, mail as post, room_call, room_object::sql::ObjectDatabase, socket,
};

/// An account in memory.
struct Live {
    account: Account,
    sockets: Vec<(ConnectionId, WebSocket)>,
    /// When the alarm was last set to ring. Unknown (`None`) after every awakening.
    alarm: Option<Millis>,
}

impl Live {
    fn take(&mut self, connection: ConnectionId) -> Option<WebSocket> {
        let place = self.sockets.iter().position(|(id, _)| *id == connection)?;
        Some(self.sockets.swap_remove(place).1)
    }
}

/// The answer to a question.
type Answered = std::result::Result<Answer, Refusal>;

/// The core of one object, its rows and its sockets.
pub(super) struct Driver {
    state: State,
    env: Env,
    live: RefCell<Option<Live>>,
}

/// Which device is behind a socket that this object accepted.
pub(super) fn connection(socket: &WebSocket) -> Option<Connection> {
    json::parse(&socket::attachment(socket)?).ok()
}

impl Driver {
    pub(super) fn new(state: State, env: Env) -> Rc<Self> {
        Rc::new(Self { state, env, live: RefCell::new(None) })
    }

    /// Asks the account.
    pub(super) fn ask(self: &Rc<Self>, question: Question) -> Result<Answered> {
        let mut random = Random([0; 64]);
        getrandom::fill(&mut random.0).map_err(|error| Error::RustError(error.to_string()))?;
        // One question at a time: its answer is in the same drain.
        let answered = self.handled(Input::Asked { id: 0, random, question })?;
        answered.ok_or_else(|| Error::RustError("the account did not answer".into()))
    }

    /// One input and everything that follows from it at once.
    pub(super) fn handle(self: &Rc<Self>, input: Input) -> Result<()> {
        self.handled(input).map(|_| ())
    }

    /// The alarm rang.
    pub(super) fn woken(self: &Rc<Self>) -> Result<()> {
        if let Some(live) = self.live.borrow_mut().as_mut() {
            live.alarm = None;
        }
        self.handle(Input::Woken)
    }

    /// A home page's socket opened.
    pub(super) fn connected(self: &Rc<Self>, socket: &WebSocket, session: SessionId) -> Result<()> {
        let id = ConnectionId(getrandom::u64().map_err(|error| Error::RustError(error.to_string()))?);
        let connection = Connection { id, session };
        self.load()?;
        // A string, because 64-bit numbers do not survive as JavaScript values.
        socket::attach(socket, &serde_json::to_string(&connection)?)?;
        self.state.accept_websocket_with_tags(socket, &[&id.0.to_string()]);
        if let Some(live) = self.live.borrow_mut().as_mut() {
            live.sockets.push((id, socket.clone()));
        }
        self.handle(Input::Connected(connection))
    }

    /// A socket closed or failed.
    pub(super) fn disconnected(self: &Rc<Self>, socket: &WebSocket) -> Result<()> {
        let Some(connection) = connection(socket) else { return Ok(()) };
        self.load()?;
        if let Some(live) = self.live.borrow_mut().as_mut() {
            live.take(connection.id);
        }
        self.handle(Input::Disconnected(connection.id))
    }

    fn handled(self: &Rc<Self>, input: Input) -> Result<Option<Answered>> {
        self.load()?;
        self.drive(VecDeque::from([input]))
    }

    /// Brings the account into memory, as a new one where nobody has used the address.
    fn load(self: &Rc<Self>) -> Result<()> {
        if self.live.borrow().is_some() {
            return Ok(());
        }
        let id: AccountId = self.state.id().to_string().parse().map_err(|_| Error::RustError("not an id".into()))?;
        let mut sockets = Vec::new();
        let mut connections = Vec::new();
        for socket in self.state.get_websockets() {
            if let Some(connection) = connection(&socket) {
                connections.push(connection);
                sockets.push((connection.id, socket));
            }
        }
        let account = match self.rows().load()? {
            Some(stored) => Account::restore(clock::now(), id, stored, connections),
            None => Account::new(id),
        };
        self.live.replace(Some(Live { account, sockets, alarm: None }));
        self.drive(VecDeque::new()).map(|_| ())
    }

    /// Carries out what the core has to say, then gives it each input in turn.
    fn drive(self: &Rc<Self>, mut inputs: VecDeque<Input>) -> Result<Option<Answered>> {
        let mut answered = None;
        loop {
            let outputs = self.drain();
            for output in outputs {
                if let Output::Answer { answer, .. } = output {
                    answered = Some(answer);
                } else if let Err(error) = self.carry_out(output) {
                    // Memory is ahead of the rows now. What is stored counts.
                    self.live.replace(None);
                    return Err(error);
                }
            }
            let Some(input) = inputs.pop_front() else { break };
            if let Some(live) = self.live.borrow_mut().as_mut() {
                live.account.handle(clock::now(), input);
            }
        }
        self.set_alarm()?;
        Ok(answered)
    }

    fn drain(&self) -> Vec<Output> {
        let mut live = self.live.borrow_mut();
        live.as_mut().map(|live| std::iter::from_fn(|| live.account.poll_output()).collect()).unwrap_or_default()
    }

    fn carry_out(self: &Rc<Self>, output: Output) -> Result<()> {
        match output {
            Output::Save(record) => self.save(&record)?,
            // Taken by whoever asked.
            Output::Answer { .. } => {}
            Output::Post { id, mail } => {
                let name = self.post_name(id, &mail)?;
                self.beside(|driver| async move {
                    let verdict = post::send(&driver.env, &mail, &name).await;
                    driver.handle(Input::Posted { id, verdict })
                });
            }
            Output::Errand { id, errand } => self.beside(|driver| async move {
                let verdict = driver.run(errand).await;
                driver.handle(Input::Done { id, verdict })
            }),
            Output::Watch { room, watch } => self.beside(|driver| async move {
                // Where it fails, the home page shows the meeting as it was last told.
                driver.watch(&room, watch).await;
                Ok(())
            }),
            Output::Send { to, event } => self.send(&to, &event)?,
            Output::Close { connection, code, reason } => {
                let socket = self.live.borrow_mut().as_mut().and_then(|live| live.take(connection));
                if let Some(socket) = socket {
                    // The object keeps a socket until its peer answers the close, and one whose
                    // network is dead may never: without its attachment nobody is behind it.
                    let _ = socket::attach(&socket, "");
                    // It may be closed already.
                    let _ = socket.close(Some(code), Some(reason));
                }
            }
        }
        Ok(())
    }

    fn save(self: &Rc<Self>, record: &Record) -> Result<()> {
        self.rows().save(record)?;
        if *record == Record::Forgotten {
            if let Some(live) = self.live.borrow_mut().as_mut() {
                live.alarm = None;
            }
            // Takes the alarm away too.
            self.beside(|driver| async move { driver.state.storage().delete_all().await });
        }
        Ok(())
    }

    /// The name under which a mail service takes a mail only once. An account that is deleted and
    /// made anew counts its mails from the beginning, so the number alone does not name one.
    fn post_name(&self, id: mail::EntryId, mail: &mail::Mail) -> Result<String> {
        let text = format!("{} {id} {}", self.state.id(), serde_json::to_string(mail)?);
        Ok(Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect())
    }

    async fn run(&self, errand: Errand) -> Verdict {
        let (room, question) = match errand {
            Errand::Destroy { room } => (room, room::Question::Destroy),
            Errand::Unlist { room, email } => (room, room::Question::Unlist { email }),
            Errand::ForgetPerson { room, account, email } => (room, room::Question::ForgetPerson { account, email }),
        };
        match room_call::ask_question(&self.env, &room, &question).await {
            Ok(_) => Verdict::Delivered,
            Err(refusal) if (400..500).contains(&refusal.problem.status) && refusal.problem.status != 429 => {
                Verdict::Refused
            }
            Err(_) => Verdict::Failed,
        }
    }

    async fn watch(&self, room: &RoomId, watch: bool) {
        if let Ok(account) = self.state.id().to_string().parse() {
            let _ = room_call::ask_question(&self.env, room, &room::Question::Watch { account, watch }).await;
        }
    }

    fn send(&self, to: &[ConnectionId], event: &HomeEvent) -> Result<()> {
        let text = serde_json::to_string(event)?;
        let live = self.live.borrow();
        let Some(live) = live.as_ref() else { return Ok(()) };
        for (_, socket) in live.sockets.iter().filter(|(id, _)| to.contains(id)) {
            // It may be closing; its close event follows.
            let _ = socket.send_with_str(&text);
        }
        Ok(())
    }

    fn set_alarm(self: &Rc<Self>) -> Result<()> {
        let mut live = self.live.borrow_mut();
        let Some(live) = live.as_mut() else { return Ok(()) };
        let deadline = live.account.next_deadline();
        // An alarm that is no longer needed may ring: waking early is harmless and costs less than
        // a write for each change of mind.
        let Some(deadline) = deadline.filter(|deadline| live.alarm != Some(*deadline)) else { return Ok(()) };
        live.alarm = Some(deadline);
        let at = js_sys::Date::new(&JsValue::from_f64(milliseconds(deadline)));
        let storage = self.state.storage();
        let set = storage.as_raw().set_alarm(at, js_sys::Object::new())?;
        self.beside(|_| async move { JsFuture::from(set).await.map(|_| ()).map_err(Error::from) });
        Ok(())
    }

    fn rows(&self) -> AccountRows<ObjectDatabase> {
        AccountRows(ObjectDatabase(self.state.storage().sql()))
    }

    /// Runs something beside the events of the object.
    fn beside<F>(self: &Rc<Self>, work: impl FnOnce(Rc<Self>) -> F)
    where
        F: Future<Output = Result<()>> + 'static,
    {
        beside::run(&self.state, "account", Box::pin(work(Rc::clone(self))));
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since the epoch stay below 2^53 for 280 000 years")]
fn milliseconds(time: Millis) -> f64 {
    time as f64
}
