//! Borrow, handle, drain, drop the borrow, carry out.
//!
//! [`Driver::handle`] never awaits, so one input is carried out as a whole before the next event of
//! the object. What takes time (regions, the fleet) runs beside it and comes back as an input.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use mail::{EntryId, Mail};
use protocol::{
    Millis,
    error::ErrorCode,
    id::{ParticipantId, RoomId},
    media::Source,
    region::{SessionAnswer, TicketAction},
    signal::ServerMessage,
};
use room::{
    Answer, Connection, ConnectionId, Input, NewRoom, OpenSessionCall, Output, Placement, Question, Record,
    RegionFailure, Room,
};
use sorted::Map;
use worker::{Env, Error, Result, State, WebSocket, js_sys, wasm_bindgen::JsValue, wasm_bindgen_futures::JsFuture};

use super::{letterbox::Letterbox, sql::ObjectDatabase, streams::Waiting};
use crate::{
    beside, clock, fleet, json, region_call, room_call::Person, room_rows::Rows, settings, socket, ticket::TicketFor,
};

/// A room in memory.
struct Live {
    room: Room,
    sockets: Map<ConnectionId, WebSocket>,
    /// When the alarm was last set to ring. Unknown (`None`) after every awakening.
    alarm: Option<Millis>,
}

/// The core of one object, its rows and its sockets.
pub(super) struct Driver {
    state: State,
    env: Env,
    live: RefCell<Option<Live>>,
    /// The answer to the question that is handled now.
    answer: RefCell<Option<std::result::Result<Answer, ErrorCode>>>,
    pub(super) letterbox: RefCell<Letterbox>,
    pub(super) waiting: RefCell<Waiting>,
}

/// Who is behind a socket that this object accepted.
pub(super) fn connection(socket: &WebSocket) -> Option<Connection> {
    json::parse(&socket::attachment(socket)?).ok()
}

impl Driver {
    pub(super) fn new(state: State, env: Env) -> Rc<Self> {
        Rc::new(Self {
            state,
            env,
            live: RefCell::new(None),
            answer: RefCell::new(None),
            letterbox: RefCell::default(),
            waiting: RefCell::default(),
        })
    }

    /// Makes the meeting; `false` when there is one already.
    pub(super) fn create(self: &Rc<Self>, new: NewRoom) -> Result<bool> {
        if self.load()? {
            return Ok(false);
        }
        self.rows().migrate()?;
        let room = Room::create(clock::now(), new);
        self.live.replace(Some(Live { room, sockets: Map::new(), alarm: None }));
        self.drive(VecDeque::new())?;
        Ok(true)
    }

    /// Asks the core; nothing where there is no meeting.
    pub(super) fn read<T>(self: &Rc<Self>, question: impl FnOnce(&Room) -> T) -> Result<Option<T>> {
        self.load()?;
        Ok(self.live.borrow().as_ref().map(|live| question(&live.room)))
    }

    /// One input and everything that follows from it at once. Nothing where there is no meeting.
    pub(super) fn handle(self: &Rc<Self>, input: Input) -> Result<()> {
        if self.load()? { self.drive(VecDeque::from([input])) } else { Ok(()) }
    }

    /// Asks the meeting something; `room_not_found` where there is none.
    pub(super) fn ask(self: &Rc<Self>, question: Question) -> Result<std::result::Result<Answer, ErrorCode>> {
        // Handling never awaits, so there is never more than one question at a time.
        self.answer.replace(None);
        self.handle(Input::Asked { id: 0, question })?;
        Ok(self.answer.replace(None).unwrap_or(Err(ErrorCode::RoomNotFound)))
    }

    /// The alarm rang.
    pub(super) fn woken(self: &Rc<Self>) -> Result<()> {
        if let Some(live) = self.live.borrow_mut().as_mut() {
            live.alarm = None;
        }
        self.handle(Input::Woken)
    }

    /// A person's socket opened.
    pub(super) fn connected(self: &Rc<Self>, socket: &WebSocket, person: Person) -> Result<()> {
        let Person { participant, host, identity, email, location } = person;
        let id = ConnectionId(getrandom::u64().map_err(|error| Error::RustError(error.to_string()))?);
        let connection = Connection { id, participant, host, identity, email, location };
        self.load()?;
        // A string, because 64-bit numbers do not survive as JavaScript values.
        socket::attach(socket, &serde_json::to_string(&connection)?)?;
        self.state.accept_websocket_with_tags(socket, &[&id.0.to_string()]);
        if let Some(live) = self.live.borrow_mut().as_mut() {
            live.sockets.insert(id, socket.clone());
        }
        self.warm_up();
        self.handle(Input::Connected(connection))
    }

    /// A socket closed or failed.
    pub(super) fn disconnected(self: &Rc<Self>, socket: &WebSocket) -> Result<()> {
        let Some(connection) = connection(socket) else { return Ok(()) };
        self.load()?;
        if let Some(live) = self.live.borrow_mut().as_mut() {
            live.sockets.remove(&connection.id);
        }
        self.handle(Input::Disconnected(connection.id))
    }

    /// Whether there is a meeting; brings it into memory.
    fn load(self: &Rc<Self>) -> Result<bool> {
        if self.live.borrow().is_some() {
            return Ok(true);
        }
        let Some(stored) = self.rows().load()? else { return Ok(false) };
        let (mut connections, mut sockets) = (Vec::new(), Map::new());
        for socket in self.state.get_websockets() {
            if let Some(connection) = connection(&socket) {
                sockets.insert(connection.id, socket);
                connections.push(connection);
            }
        }
        let room = Room::restore(clock::now(), stored, connections);
        self.live.replace(Some(Live { room, sockets, alarm: None }));
        self.drive(VecDeque::new())?;
        Ok(self.live.borrow().is_some())
    }

    /// Carries out what the core has to say, then gives it each input in turn.
    fn drive(self: &Rc<Self>, mut inputs: VecDeque<Input>) -> Result<()> {
        loop {
            let outputs = self.drain();
            for output in outputs {
                match self.carry_out(output) {
                    Ok(Some(input)) => inputs.push_back(input),
                    Ok(None) => {}
                    Err(error) => {
                        // Memory is ahead of the rows now. What is stored counts.
                        self.live.replace(None);
                        self.forget_waiting();
                        return Err(error);
                    }
                }
            }
            let Some(input) = inputs.pop_front() else { break };
            if let Some(live) = self.live.borrow_mut().as_mut() {
                live.room.handle(clock::now(), input);
            }
        }
        self.forget_waiting();
        self.set_alarm()
    }

    /// Nobody waits for an answer that does not come any more.
    fn forget_waiting(&self) {
        let live = self.live.borrow();
        let is_opening = |stream| live.as_ref().is_some_and(|live| live.room.is_opening(stream));
        self.waiting.borrow_mut().keep(is_opening);
    }

    fn drain(&self) -> Vec<Output> {
        let mut live = self.live.borrow_mut();
        live.as_mut().map(|live| std::iter::from_fn(|| live.room.poll_output()).collect()).unwrap_or_default()
    }

    /// One output; some answer themselves at once.
    fn carry_out(self: &Rc<Self>, output: Output) -> Result<Option<Input>> {
        match output {
            Output::Save(record) => self.save(&record)?,
            Output::Send { to, message } => self.send(&to, &message)?,
            Output::Close { connection, code, reason } => {
                let socket = self.live.borrow_mut().as_mut().and_then(|live| live.sockets.remove(&connection));
                if let Some(socket) = socket {
                    // The object keeps a socket until its peer answers the close, and one whose
                    // network is dead may never: without its attachment nobody is behind it.
                    let _ = socket::attach(&socket, "");
                    // It may be closed already.
                    let _ = socket.close(Some(code), Some(reason));
                }
            }
            Output::NeedInstances => match fleet::cached() {
                Some(list) => return Ok(Some(instances(&list))),
                None => self.beside(async |driver| {
                    let list = fleet::fresh(&driver.env).await.unwrap_or_default();
                    driver.handle(instances(&list))
                }),
            },
            Output::OpenSession(call) => self.beside(async |driver| {
                let (participant, epoch) = (call.participant, call.epoch);
                let result = driver.open_session(call).await;
                if result == Err(RegionFailure::Unavailable) {
                    fleet::forget();
                }
                driver.handle(Input::Opened { participant, epoch, result })
            }),
            Output::CloseSession { placement, participant, epoch } => {
                self.tell_region(placement, TicketAction::Close, participant, epoch, Vec::new(), 0);
            }
            Output::Grant { placement, participant, epoch, grant, publish } => {
                self.tell_region(placement, TicketAction::Grant, participant, epoch, publish, grant);
            }
            Output::Streamed { stream, epoch, result } => self.waiting.borrow_mut().tell(stream, epoch, result),
            Output::Answer { answer, .. } => {
                self.answer.replace(Some(answer));
            }
            Output::Post { id, .. } => self.post(id),
            Output::Errand { id, errand } => self.beside(async move |driver| {
                let verdict = driver.run(errand).await;
                driver.handle(Input::Done { id, verdict })
            }),
            Output::Report { account, phase, participants } => self.beside(async move |driver| {
                let watching = driver.report(&account, phase, participants).await;
                driver.handle(Input::Reported { account, watching })
            }),
        }
        Ok(None)
    }

    fn save(self: &Rc<Self>, record: &Record) -> Result<()> {
        self.rows().save(record)?;
        if *record == Record::Forgotten {
            self.live.replace(None);
            self.beside(async |driver| driver.state.storage().delete_all().await);
        }
        Ok(())
    }

    fn send(&self, to: &[ConnectionId], message: &ServerMessage) -> Result<()> {
        let text = serde_json::to_string(message)?;
        let live = self.live.borrow();
        let Some(live) = live.as_ref() else { return Ok(()) };
        for socket in to.iter().filter_map(|id| live.sockets.get(id)) {
            // It may be closing; its close event follows.
            let _ = socket.send_with_str(&text);
        }
        Ok(())
    }

    fn set_alarm(self: &Rc<Self>) -> Result<()> {
        let mut live = self.live.borrow_mut();
        let Some(live) = live.as_mut() else { return Ok(()) };
        let deadline = live.room.next_deadline();
        // An alarm that is no longer needed may ring: waking early is harmless and costs less than
        // a write for each change of mind.
        let Some(deadline) = deadline.filter(|deadline| live.alarm != Some(*deadline)) else { return Ok(()) };
        live.alarm = Some(deadline);
        let at = js_sys::Date::new(&JsValue::from_f64(milliseconds(deadline)));
        let storage = self.state.storage();
        let set = storage.as_raw().set_alarm(at, js_sys::Object::new())?;
        self.beside(async |_| JsFuture::from(set).await.map(|_| ()).map_err(Error::from));
        Ok(())
    }

    /// Asks for the live regions before somebody needs one.
    fn warm_up(self: &Rc<Self>) {
        if fleet::cached().is_none() {
            self.beside(async |driver| {
                // The room asks again when it needs one, and says so when there is none.
                let _ = fleet::fresh(&driver.env).await;
                Ok(())
            });
        }
    }

    async fn open_session(&self, call: OpenSessionCall) -> std::result::Result<SessionAnswer, RegionFailure> {
        let OpenSessionCall { placement, participant, epoch, publish, offer } = call;
        match self.ticket(&placement, TicketAction::Open, participant, epoch, publish, 0) {
            Some(ticket) => region_call::open(&placement.control_url, &ticket, offer).await,
            None => Err(RegionFailure::Unavailable),
        }
    }

    /// Tells a region something of a session that nobody waits for.
    fn tell_region(
        self: &Rc<Self>,
        placement: Placement,
        action: TicketAction,
        participant: ParticipantId,
        epoch: u64,
        publish: Vec<Source>,
        grant: u64,
    ) {
        self.beside(async move |driver| {
            match driver.ticket(&placement, action, participant, epoch, publish, grant) {
                Some(ticket) => region_call::tell(&placement.control_url, action, &ticket).await,
                None => worker::console_error!("room: no ticket to tell a region of a session"),
            }
            Ok(())
        });
    }

    fn ticket(
        &self,
        placement: &Placement,
        action: TicketAction,
        participant: ParticipantId,
        epoch: u64,
        publish: Vec<Source>,
        grant: u64,
    ) -> Option<String> {
        let key = settings::ticket_key(&self.env).ok()?;
        let room = self.room()?;
        let instance = placement.instance.clone();
        key.sign(clock::now_seconds(), TicketFor { instance, action, room, participant, epoch, publish, grant }).ok()
    }

    /// The mail of this name, where the core is in memory and still wants it to be sent.
    pub(super) fn wanted(&self, id: EntryId) -> Option<Mail> {
        self.live.borrow().as_ref()?.room.mail(id).cloned()
    }

    pub(super) fn env(&self) -> &Env {
        &self.env
    }

    pub(super) fn room(&self) -> Option<RoomId> {
        self.state.id().to_string().parse().ok()
    }

    fn rows(&self) -> Rows<ObjectDatabase> {
        Rows(ObjectDatabase(self.state.storage().sql()))
    }

    /// Runs something beside the events of the object.
    pub(super) fn beside<F>(self: &Rc<Self>, work: F)
    where
        F: AsyncFnOnce(Rc<Self>) -> Result<()> + 'static,
    {
        let driver = Rc::clone(self);
        beside::run(&self.state, "room", Box::pin(async move { work(driver).await }));
    }
}

fn instances(list: &[fleet::Live]) -> Input {
    Input::Instances(list.iter().map(fleet::Live::instance).collect())
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since the epoch stay below 2^53 for 280 000 years")]
fn milliseconds(time: Millis) -> f64 {
    time as f64
}
