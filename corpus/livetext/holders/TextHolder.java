import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Keeps tokens and passwords as an application does, among much other text: PLAN READY MEBIBYTES MASK. */
public class TextHolder {
    static final List<Object> keep = new ArrayList<>();
    static final Map<String, Object> map = new HashMap<>();

    public static void main(String[] args) throws Exception {
        long budget = Long.parseLong(args[2]) << 20;
        byte mask = (byte) Integer.parseInt(args[3]);
        otherText(budget / 2);
        List<String> lines = Files.readAllLines(Path.of(args[0]), StandardCharsets.ISO_8859_1);
        Files.delete(Path.of(args[0]));
        for (int i = 0; i < lines.size(); i++) {
            String[] f = lines.get(i).split(" ");
            byte[] data = HexFormat.of().parseHex(f[2]);
            for (int k = 0; k < data.length; k++) {
                data[k] ^= mask;
            }
            plant(i, f[0], f[1], data);
            for (int k = 0; k < 300; k++) {
                churn("step " + i + " of the run, part " + k);
            }
            if (i % 40 == 0) {
                System.gc();
            }
        }
        System.gc();
        for (int k = 0; k < 20000; k++) {
            churn("later " + k);
        }
        System.gc();
        Files.writeString(Path.of(args[1]), "");
        Thread.sleep(Long.MAX_VALUE);
    }

    static int turn;

    /** Makes garbage, of which a part lives for a while. */
    static void churn(String s) {
        map.put("recent" + turn++ % 5000, s);
    }

    static void plant(int i, String encoding, String stands, byte[] data) {
        if (encoding.equals("utf16")) {
            char[] c = new char[data.length / 2];
            for (int k = 0; k < c.length; k++) {
                c[k] = (char) (data[2 * k] & 255 | data[2 * k + 1] << 8);
            }
            Arrays.fill(data, (byte) 0);
            // A first character outside Latin-1 makes the string keep two bytes each.
            keep.add(i % 2 == 0 ? c : new String(wide(c)));
            return;
        }
        String text = new String(data, StandardCharsets.ISO_8859_1);
        switch (i % 4) {
            case 0 -> keep.add(text);
            case 1 -> map.put("k" + i, text);
            case 2 -> keep.add(data);
            default -> {
                // What stands in text that is no part of it. Placed ones bring their own.
                String log = stands.equals("placed") ? text : "03:14:07 DEBUG client - retry with " + text + " after 3 s";
                keep.add(encoding.equals("base64") ? "{\"data\":\"" + text + "\"}" : log);
            }
        }
    }

    /** Marks a text so that no Latin-1 copy of it is ever made. */
    static char[] wide(char[] c) {
        char[] w = new char[c.length + 1];
        w[0] = '\u2192';
        System.arraycopy(c, 0, w, 1, c.length);
        return w;
    }

    static void otherText(long budget) throws Exception {
        try (var files = Files.walk(Path.of("/usr/share/doc"))) {
            for (Path p : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                if ((budget -= Files.size(p)) < 0) {
                    break;
                }
                keep.add(Files.readString(p, StandardCharsets.ISO_8859_1));
            }
        }
        for (int i = 0; i < 20000; i++) {
            Map<String, Object> order = new HashMap<>();
            order.put("id", i);
            order.put("line", "2026-11-22 INFO orders - order " + i + " of customer c" + i % 977 + " stored");
            keep.add(order);
        }
    }
}
