/** Where the link of a verification mail leads: proves the address without another click. */
import { CircleCheck, LoaderCircle, MailWarning } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { AskForMail } from "../account/ask-for-mail";
import { problemOf } from "../account/form-errors";
import { useFragment } from "../account/fragment";
import { Frame } from "../account/frame";
import { takeReturn } from "../account/kept-return";
import { signInPath } from "../account/return-path";
import { resend, verify } from "../api";
import type { Refused } from "../request";
import { words } from "../text";

/** What the server says of a token that it does not take. */
const OVER: ReadonlySet<Refused["code"]> = new Set(["invalid_token", "invalid_request", "not_found"]);

export default function Verify(): JSX.Element {
  const fragment = useFragment();
  const token = fragment.kind === "token" ? fragment.token : null;
  const [verified, setVerified] = useState<string | null>(null);
  const [next, setNext] = useState("/signin");
  const [refused, setRefused] = useState<Refused | null>(null);

  const post = async (proof: string) => {
    setRefused(null);
    const answer = await verify({ token: proof });
    if (answer.ok) {
      setNext(signInPath(takeReturn()));
      setVerified(answer.value.email);
    } else setRefused(answer);
  };
  useEffect(() => {
    if (token !== null) void post(token);
  }, [token]);

  if (verified !== null) {
    return (
      <Frame
        announce
        title={words.account.verified}
        lead={words.account.verifiedNext(verified)}
        icon={<CircleCheck size={26} class="good" aria-hidden="true" />}
      >
        <a class="button primary large wide" href={next}>
          {words.account.signIn}
        </a>
      </Frame>
    );
  }
  const over = refused !== null && OVER.has(refused.code);
  if (token === null || over) {
    return (
      <AskForMail
        title={over ? words.account.linkOver : words.account.linkMissing}
        lead={over ? words.account.linkOverNext : words.account.linkMissingNext}
        submit={words.account.sendLink}
        send={(email) => resend({ email })}
        sentLead={words.account.checkMailTo}
        icon={<MailWarning size={26} aria-hidden="true" />}
      />
    );
  }
  if (refused !== null) {
    return (
      <Frame announce title={words.account.verifyFailed} lead={problemOf(refused)}>
        <button type="button" class="button primary large wide" onClick={() => void post(token)}>
          {words.tryAgain}
        </button>
      </Frame>
    );
  }
  return (
    <Frame title={words.account.verifying} icon={<LoaderCircle size={26} class="turning" aria-hidden="true" />}>
      <p class="sr-only" role="status">
        {words.account.verifying}
      </p>
    </Frame>
  );
}
