import java.io.FileInputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A TLS server with keys from two key stores: HOST PORT READY (TYPE STORE PASSWORDFILE)... */
public class Holder {
    static final char[] NONE = new char[0];

    public static void main(String[] args) throws Exception {
        KeyStore all = KeyStore.getInstance("PKCS12");
        all.load(null, NONE);
        for (int i = 3; i + 2 < args.length; i += 3) {
            char[] password = Files.readString(Path.of(args[i + 2])).toCharArray();
            KeyStore store = KeyStore.getInstance(args[i]);
            try (FileInputStream in = new FileInputStream(args[i + 1])) {
                store.load(in, password);
            }
            String alias = store.aliases().nextElement();
            all.setKeyEntry(args[i], store.getKey(alias, password), NONE, store.getCertificateChain(alias));
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(all, NONE);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        SSLServerSocket listener = (SSLServerSocket) context.getServerSocketFactory()
            .createServerSocket(Integer.parseInt(args[1]), 10, InetAddress.getByName(args[0]));
        Files.writeString(Path.of(args[2]), "");
        while (true) {
            SSLSocket socket = (SSLSocket) listener.accept();
            Thread t = new Thread(() -> serve(socket));
            t.setDaemon(true);
            t.start();
        }
    }

    static void serve(SSLSocket socket) {
        byte[] buf = new byte[4096];
        try (socket) {
            for (int n; (n = socket.getInputStream().read(buf)) > 0; ) {
                socket.getOutputStream().write((n + " bytes\n").getBytes());
            }
        } catch (Exception e) {
            // The client is gone.
        }
    }
}
