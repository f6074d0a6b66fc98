// A TLS server with a fresh key that holds connections and records. Arguments: MiB, key store, its password.
import java.io.FileInputStream;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

class Records {
    record Item(int id, UUID uuid, String name, String mail, double score, Instant at, List<String> tags, byte[] session, String text) {}

    static final List<Object> held = Collections.synchronizedList(new ArrayList<>());

    public static void main(String[] args) throws Exception {
        long size = Long.parseLong(args[0]) << 20;
        char[] password = args[2].toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new FileInputStream(args[1]), password);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        TrustManager all = new X509TrustManager() {
            public void checkClientTrusted(X509Certificate[] chain, String type) {}
            public void checkServerTrusted(X509Certificate[] chain, String type) {}
            public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {all}, null);
        SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0);
        Thread serving = new Thread(() -> serve(server));
        serving.setDaemon(true);
        serving.start();
        for (int i = 0; i < 30; i++) {
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.getLocalPort());
            socket.getOutputStream().write(new byte[BODY]);
            socket.getInputStream().readNBytes(BODY);
            held.add(socket);
        }
        List<Item> items = new ArrayList<>();
        String[] names = {"anna", "ben", "carla", "david", "erik"};
        Random random = new SecureRandom();
        Runtime runtime = Runtime.getRuntime();
        while (items.size() % 1000 != 0 || runtime.totalMemory() - runtime.freeMemory() < size) {
            int i = items.size();
            String name = names[i % names.length];
            byte[] session = new byte[16];
            random.nextBytes(session);
            items.add(new Item(i, UUID.randomUUID(), name + i % 977, "user" + i + "@example.org", random.nextDouble(), Instant.now(),
                List.of("new", name), session, "Order " + i + " was shipped to " + name));
        }
        held.add(items);
        System.out.println("up");
        Thread.sleep(3_600_000);
    }

    static final int BODY = 64 << 10;

    static void serve(SSLServerSocket server) {
        try {
            while (true) {
                SSLSocket socket = (SSLSocket) server.accept();
                held.add(socket);
                byte[] body = socket.getInputStream().readNBytes(BODY);
                socket.getOutputStream().write(body);
            }
        } catch (Exception e) {
            throw new RuntimeException(e);
        }
    }
}
