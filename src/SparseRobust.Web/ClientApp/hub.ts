import { HttpTransportType, HubConnection, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";

export type HubStatus = "connecting" | "connected" | "reconnecting";

interface Subscriber {
  connected: (connection: HubConnection) => Promise<unknown>;
  status: (status: HubStatus) => void;
}

const longestWait = 15_000;
const subscribers = new Set<Subscriber>();
let connection: HubConnection | undefined;
let status: HubStatus = "connecting";

/** Doubles from half a second; the random part keeps browsers from returning all at once after a restart. */
function wait(attempt: number): number {
  return Math.min(longestWait, 500 * 2 ** attempt) * (0.75 + Math.random() / 2);
}

function tell(next: HubStatus): void {
  status = next;
  for (const subscriber of subscribers) subscriber.status(next);
}

function greet(subscriber: Subscriber): void {
  if (!connection) return;
  // A call that fails because the connection went away is made again when it is back.
  subscriber.connected(connection).catch(() => undefined);
}

async function open(attempt = 0): Promise<void> {
  try {
    await connection!.start();
    tell("connected");
    subscribers.forEach(greet);
  } catch {
    if (attempt > 0) tell("reconnecting");
    setTimeout(() => void open(attempt + 1), wait(attempt));
  }
}

function build(): HubConnection {
  // WebSockets only: negotiation and the requests after it could reach different nodes.
  const built = new HubConnectionBuilder()
    .withUrl("/hubs/runs", { transport: HttpTransportType.WebSockets, skipNegotiation: true })
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: context => wait(context.previousRetryCount) })
    .configureLogging(LogLevel.None)
    .build();
  built.onreconnecting(() => tell("reconnecting"));
  built.onreconnected(() => {
    tell("connected");
    subscribers.forEach(greet);
  });
  // The server closed it on purpose, which automatic reconnection takes for the end.
  built.onclose(() => {
    tell("reconnecting");
    setTimeout(() => void open(1), wait(1));
  });
  return built;
}

/** The page's one connection. `connected` is called now or soon, and again after every reconnection. */
export function subscribe(subscriber: Subscriber, signal: AbortSignal): HubConnection {
  subscribers.add(subscriber);
  signal.addEventListener("abort", () => subscribers.delete(subscriber));
  if (!connection) {
    connection = build();
    void open();
  } else if (status === "connected") {
    greet(subscriber);
  }
  subscriber.status(status);
  return connection;
}
