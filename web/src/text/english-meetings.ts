/** The English words of the lobby, of home, and of planning meetings. Part of `english.ts`. */
const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

export const meetings = {
  home: {
    back: "Back to home",
  },

  lobby: {
    ask: "Ask to join",
    asking: "Asking…",
    willAsk: "A host of this meeting lets people in.",
    waiting: "Waiting for the host to let you in",
    hostHere: "They see that you are here. You walk in by yourself as soon as they let you in.",
    hostAway: "No host is there yet. They see you as soon as they come; you can leave this page open.",
    lost: "Connection lost. We ask again as soon as it is back.",
    leave: "Leave",
    denied: "The host did not let you in",
    deniedNext: "You can ask the host in another way, and then ask to join again.",
    askAgain: "Ask again",
    list: "Waiting to join",
    asks: (name: string) => `${name} asks to join`,
    others: (number: number) => `and ${count(number, "other", "others")}`,
    waitingNow: (number: number) => count(number, "person waits to join", "people wait to join"),
    admit: "Admit",
    deny: "Deny",
    admitName: (name: string) => `Admit ${name}`,
    denyName: (name: string) => `Deny ${name}`,
    unverified: "Guest",
    notInvitedAs: (email: string) =>
      `You are signed in as ${email}. Ask the host to invite this address, or sign in with another one.`,
  },
};
