// Reads strings of taos-jdbcdriver with its own parser and prints what it found, a line each.
import com.taosdata.jdbc.common.Endpoint;
import com.taosdata.jdbc.rs.ConnectionParam;
import com.taosdata.jdbc.utils.StringUtils;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.StringJoiner;

public class Parse {
    static String hex(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : (text == null ? "" : text).getBytes(StandardCharsets.UTF_8)) {
            out.append(String.format("%02x", b));
        }
        return out.toString();
    }

    public static void main(String[] args) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String url; (url = lines.readLine()) != null; ) {
            String found;
            try {
                Properties raw = StringUtils.parseUrl(url, new Properties());
                if (url.startsWith("jdbc:TAOS://")) {
                    // The native driver takes them as they stand (TSDBConnection).
                    String place = raw.getProperty("host") + ":" + raw.getProperty("port");
                    System.out.println(String.join("\t", place, hex(raw.getProperty("user")),
                            hex(raw.getProperty("password")), raw.getProperty("dbname", ""), ""));
                    continue;
                }
                ConnectionParam read = ConnectionParam.getParam(raw);
                StringJoiner hosts = new StringJoiner(",");
                for (Endpoint endpoint : read.getEndpoints()) {
                    hosts.add(endpoint.getHost() + ":" + endpoint.getPort());
                }
                String db = read.getDatabase() == null ? "" : read.getDatabase();
                found = String.join("\t", hosts.toString(), hex(read.getUser()), hex(read.getPassword()), db,
                        hex(read.getCloudToken()));
            } catch (Exception e) {
                found = e.toString();
            }
            System.out.println(found);
        }
    }
}
