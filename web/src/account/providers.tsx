/** Signing in with another service's account, where this server offers it. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { providers as offered } from "../api";
import type { Provider } from "../protocol";
import { words } from "../text";
import { keepReturn } from "./kept-return";

export function ProviderButtons({ back }: { back: string }): JSX.Element | null {
  const providers = useProviders();
  if (providers.length === 0) return null;
  return (
    <div class="providers">
      <p class="or">
        <span>{words.account.or}</span>
      </p>
      {providers.map((provider) => (
        <button key={provider} type="button" class="button large wide" onClick={() => goToProvider(provider, back)}>
          {words.account.continueWith(provider)}
        </button>
      ))}
    </div>
  );
}

function useProviders(): readonly Provider[] {
  const [providers, setProviders] = useState<readonly Provider[]>([]);
  useEffect(() => {
    let gone = false;
    void offered().then((answer) => {
      if (answer.ok && !gone) setProviders(answer.value.providers);
    });
    return () => {
      gone = true;
    };
  }, []);
  return providers;
}

/** Leaves for the provider's page. */
function goToProvider(provider: Provider, back: string): void {
  keepReturn(back);
  location.assign(`/api/auth/oauth/${provider}`);
}
