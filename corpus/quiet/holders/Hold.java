import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps the lines of a file, with rows as an application has them. Arguments: FEED READY. */
public class Hold {
    static final List<Object> keep = new ArrayList<>();

    public static void main(String[] args) throws Exception {
        List<String> lines = Files.readAllLines(Path.of(args[0]));
        keep.add(lines);
        Map<String, Object> rows = new HashMap<>();
        for (int i = 0; i < 50000; i++) {
            rows.put("user" + i, List.of(i, Math.random(), "u" + i + "@example.org"));
        }
        keep.add(rows);
        for (int i = 0; i < lines.size(); i += 5) {
            keep.add("\u2192 " + lines.get(i));
        }
        javax.net.ssl.SSLContext.getDefault();
        System.gc();
        Files.writeString(Path.of(args[1]), "");
        Thread.sleep(3_600_000);
    }
}
