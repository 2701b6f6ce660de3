package dev.procpool.bench;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;

/** Hazelcast's IExecutorService: a client here, and a member with one thread for tasks in each of its processes. */
final class HazelcastPeer implements Peer {
    private static final String EXECUTOR = "bench";
    private static final String LOOPBACK = InetAddress.getLoopbackAddress().getHostAddress();

    private final List<Process> members = new ArrayList<>();
    private final HazelcastInstance client;
    private final IExecutorService executor;

    HazelcastPeer(int workers) throws IOException {
        String cluster = "bench-" + UUID.randomUUID();
        String address = "";
        for (int i = 0; i < workers; i++) {
            Process member = startMember(cluster, address);
            members.add(member);
            address = awaitAddress(member);
        }
        ClientConfig config = new ClientConfig();
        config.setProperty("hazelcast.logging.type", "none");
        config.setClusterName(cluster);
        config.getNetworkConfig().addAddress(address);
        client = HazelcastClient.newHazelcastClient(config);
        executor = client.getExecutorService(EXECUTOR);
    }

    private static Process startMember(String cluster, String neighbour) throws IOException {
        return new ProcessBuilder(
                        SpawnPeer.java(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HazelcastPeer.class.getName(),
                        cluster,
                        neighbour)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String awaitAddress(Process member) throws IOException {
        String line;
        BufferedReader reader = member.inputReader();
        while ((line = reader.readLine()) != null) {
            if (line.startsWith(LOOPBACK + ":")) {
                return line;
            }
        }
        throw new IOException("a Hazelcast member did not start");
    }

    @Override
    public Future<?> submit() {
        return executor.submit(new Noop());
    }

    @Override
    public void close() {
        client.shutdown();
        members.forEach(Process::destroyForcibly);
    }

    /** A member: says its address and stays until its standard input ends. */
    public static void main(String[] args) throws IOException {
        Config config = new Config();
        config.setProperty("hazelcast.logging.type", "none");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setClusterName(args[0]);
        config.getExecutorConfig(EXECUTOR).setPoolSize(1);
        config.getNetworkConfig().setPortAutoIncrement(true).setPublicAddress(LOOPBACK);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface(LOOPBACK);
        var join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true);
        if (!args[1].isEmpty()) {
            join.getTcpIpConfig().addMember(args[1]);
        }
        HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
        System.out.println(LOOPBACK + ":"
                + member.getCluster().getLocalMember().getAddress().getPort());
        System.in.read();
        Runtime.getRuntime().halt(0);
    }
}
