import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { ClusterInfo, EndPoint, MemberInfo } from '@eventstore/db-client/generated/gossip_pb';
import { UUID, type Empty } from '@eventstore/db-client/generated/shared_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { answerOf, readAppend, type BadEnd } from './answers';
import { FakeLog } from './log';
import { FakeReads, type ReadCall } from './reads';

export type AppendCall = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

/**
 * A server that speaks EventStoreDB's gRPC well enough for the store, and misbehaves on demand: a test takes the place
 * of `onAppend` or `onRead` and does whatever a real server does rarely. What it leaves is done properly.
 */
export class FakeEventStoreDb {
  readonly reads: FakeReads;
  onAppend: (call: AppendCall, request: BatchAppendReq, properly: () => void) => void = (_c, _r, properly) =>
    properly();
  onRead: (call: ReadCall, properly: () => void) => void = (_call, properly) => properly();
  /** Port of the node that leads, as gossip has it. */
  leader: () => number = () => this.port;
  #server: Server | null = null;
  #port = 0;

  constructor(readonly log = new FakeLog()) {
    this.reads = new FakeReads(log);
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.#port}?tls=false`;
  }

  /** Starts, or starts again at the same port. */
  async start(): Promise<void> {
    const server = new Server();
    server.addService(StreamsService, {
      read: (call: ReadCall) => {
        call.on('error', () => undefined);
        this.onRead(call, () => void this.reads.answer(call));
      },
      batchAppend: (call: AppendCall) => {
        call.on('error', () => undefined);
        call.on('data', (request: BatchAppendReq) =>
          this.onAppend(call, request, () => void call.write(this.decide(request))),
        );
        call.on('end', () => call.end());
      },
      append: unused,
      delete: unused,
      tombstone: unused,
    });
    server.addService(GossipService, {
      read: (_call: ServerUnaryCall<Empty, ClusterInfo>, answer: sendUnaryData<ClusterInfo>) =>
        answer(null, this.#gossip()),
    });
    this.#port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${this.#port}`, ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
    this.#server = server;
  }

  /** Writes an append to the log, and gives the answer that a sound server would. */
  decide(request: BatchAppendReq): BatchAppendResp {
    const { stream, expected, events } = readAppend(request);
    return answerOf(request, this.log.append(stream, expected, events));
  }

  /** Breaks all connections at once, as a killed process does. */
  stop(): void {
    this.#server?.forceShutdown();
    this.#server = null;
  }

  #gossip(): ClusterInfo {
    const member = new MemberInfo();
    const id = new UUID();
    id.setString('00000000-0000-4000-8000-000000000001');
    member.setInstanceId(id);
    member.setTimeStamp('0');
    member.setIsAlive(true);
    member.setState(MemberInfo.VNodeState.LEADER);
    const endPoint = new EndPoint();
    endPoint.setAddress('127.0.0.1');
    endPoint.setPort(this.leader());
    member.setHttpEndPoint(endPoint);
    const info = new ClusterInfo();
    info.setMembersList([member]);
    return info;
  }
}

/** Ends a call with an error of the server. */
export function endBadly(call: AppendCall | ReadCall, { code, details, metadata }: BadEnd): void {
  call.emit('error', { code, details, ...(metadata ? { metadata } : {}) });
}

function unused(): void {
  throw new Error('the store does not use this call');
}
