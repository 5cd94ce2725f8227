import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.Properties;

/** taos-jdbcdriver against the sandbox: arguments are the URL and, to use prepared statements, "prepared". */
public final class Main {
    public static void main(String[] args) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", "root");
        login.setProperty("password", "taosdata");
        try (Connection connection = DriverManager.getConnection(args[0], login);
             Statement statement = connection.createStatement()) {
            System.out.println(connection.getMetaData().getDatabaseProductVersion());
            for (String precision : new String[] {"ms", "us", "ns"}) {
                String db = "java_" + precision;
                statement.executeUpdate("create database " + db + " precision '" + precision + "'");
                statement.executeUpdate("create table " + db
                        + ".st (ts timestamp, b bool, i int, d double, v varchar(20), n nchar(20)) tags (t json)");
                statement.executeUpdate("insert into " + db + ".c1 using " + db
                        + ".st tags ('{\"k\":\"v\"}') values ('2024-01-02T03:04:05Z', true, 3, 2.5, 'a''b', '北京')"
                        + " ('2024-01-02T03:04:06Z', null, null, null, null, null)");
                if (args.length > 1) {
                    prepared(connection, db);
                }
                try (ResultSet rows = statement.executeQuery("select ts, b, i, d, v, n from " + db + ".st order by ts")) {
                    while (rows.next()) {
                        System.out.println(rows.getTimestamp(1).getTime() + " " + rows.getObject(2) + " " + rows.getObject(3)
                                + " " + rows.getObject(4) + " " + rows.getString(5) + " " + rows.getString(6));
                    }
                }
                try {
                    statement.executeQuery("select * from " + db + ".nosuch");
                } catch (SQLException missing) {
                    System.out.println(missing.getErrorCode());
                }
                statement.executeUpdate("drop database " + db);
            }
        }
    }

    private static void prepared(Connection connection, String db) throws SQLException {
        String sql = "insert into " + db + ".c1 (ts, b, i, d, v, n) values (?, ?, ?, ?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (int row = 0; row < 2; row++) {
                insert.setTimestamp(1, new Timestamp(1704164650000L + row));
                insert.setBoolean(2, true);
                insert.setInt(3, 40 + row);
                insert.setDouble(4, 0.5);
                insert.setString(5, "v" + row);
                insert.setNString(6, "é");
                insert.addBatch();
            }
            insert.executeBatch();
        }
        try (PreparedStatement query = connection.prepareStatement("select v from " + db + ".st where i = ?")) {
            query.setInt(1, 41);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    System.out.println(rows.getString(1));
                }
            }
        }
    }
}
