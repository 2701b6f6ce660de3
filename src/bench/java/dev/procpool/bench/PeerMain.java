package dev.procpool.bench;

import java.util.concurrent.Future;

/** A process that measures what every executor can do: {@code PEER EFFORT FIGURE…}. */
final class PeerMain {
    private PeerMain() {}

    public static void main(String[] args) throws Exception {
        Sampler sampler = new Sampler(Effort.of(args[1]));
        for (int i = 2; i < args.length; i++) {
            switch (args[i]) {
                case "noop" -> {
                    try (Peer peer = start(args[0], 2)) {
                        sampler.rate("noop", n -> runAll(peer, n));
                    }
                }
                case "latency" -> {
                    try (Peer peer = start(args[0], 1)) {
                        sampler.latency("latency", () -> peer.submit().get());
                    }
                }
                default -> throw new IllegalArgumentException("no figure " + args[i]);
            }
        }
        System.out.println(sampler.json());
        System.exit(0); // some peers leave threads behind
    }

    private static Peer start(String name, int workers) throws Exception {
        return switch (name) {
            case "procpool" -> new ProcpoolPeer(workers);
            case "forkjoin" -> new ForkJoinPeer(workers);
            case "spawn" -> new SpawnPeer(workers);
            case "pp4j" -> new Pp4jPeer(workers);
            case "hazelcast" -> new HazelcastPeer(workers);
            default -> throw new IllegalArgumentException("no peer " + name);
        };
    }

    /** Submits {@code n} tasks from this thread and awaits all their futures. */
    static void runAll(Peer peer, int n) throws Exception {
        Future<?>[] futures = new Future<?>[n];
        for (int i = 0; i < n; i++) {
            futures[i] = peer.submit();
        }
        for (Future<?> future : futures) {
            future.get();
        }
    }
}
