package example;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Keeps a list of the petitions that were answered, each once: {@code java -jar answered.jar STORE}. */
public final class Answered {
    private static final String TOPIC = "petitions.events.v1";
    private static final String ANSWERED = "cn.jinlin.petitions.PetitionAnswered.v1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Connection db;

    private Answered(Connection db) {
        this.db = db;
    }

    public static void main(String[] arguments) throws Exception {
        try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + arguments[0]);
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings(System.getenv()))) {
            Thread main = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                consumer.wakeup();
                try {
                    main.join();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            }));
            new Answered(db).run(consumer);
        }
    }

    static Properties settings(Map<String, String> environment) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", environment.get("JINLIN_KAFKA_BOOTSTRAP"));
        settings.put("group.id", environment.getOrDefault("JINLIN_KAFKA_GROUP", "answered"));
        settings.put("key.deserializer", ByteArrayDeserializer.class.getName());
        settings.put("value.deserializer", ByteArrayDeserializer.class.getName());
        settings.put("auto.offset.reset", "earliest"); // from before the first start on
        settings.put("enable.auto.commit", "false"); // offsets follow the effects
        settings.put("session.timeout.ms", "10000");
        if (environment.containsKey("JINLIN_KAFKA_USER")) {
            settings.put("security.protocol", "SASL_SSL");
            settings.put("ssl.truststore.type", "PEM");
            settings.put("ssl.truststore.location", environment.get("JINLIN_KAFKA_CA"));
            settings.put("sasl.mechanism", "SCRAM-SHA-512");
            settings.put("sasl.jaas.config", String.format(
                    "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";",
                    environment.get("JINLIN_KAFKA_USER"), environment.get("JINLIN_KAFKA_PASSWORD")));
        }
        return settings;
    }

    void run(KafkaConsumer<byte[], byte[]> consumer) throws SQLException {
        db.createStatement().execute("CREATE TABLE IF NOT EXISTS done (id TEXT PRIMARY KEY)");
        db.createStatement().execute(
                "CREATE TABLE IF NOT EXISTS answered (petition TEXT, place TEXT, at TEXT, in_time INTEGER)");
        db.createStatement().execute(
                "CREATE TABLE IF NOT EXISTS aside (place TEXT PRIMARY KEY, reason TEXT, message BLOB)");
        db.setAutoCommit(false);
        consumer.subscribe(List.of(TOPIC));
        try {
            while (true) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(1));
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    take(record);
                }
                db.commit(); // marks and effects together,
                try {
                    consumer.commitSync(); // and only then the offsets
                } catch (CommitFailedException | RebalanceInProgressException moved) {
                    // Another member has the partitions: they come again, to no effect.
                }
            }
        } catch (WakeupException stopped) {
            // SIGTERM: what was polled is done and committed, or comes again.
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) throws SQLException {
        JsonNode event;
        try {
            event = JSON.readTree(record.value() == null ? new byte[0] : record.value());
            if (!event.path("specversion").asText().equals("1.0") || !event.path("id").isTextual()) {
                throw new IOException("not a CloudEvent");
            }
        } catch (IOException unreadable) {
            // It will not read better the next time: put aside, or the partition would stand still behind it.
            String place = record.topic() + "/" + record.partition() + "@" + record.offset();
            update("INSERT OR IGNORE INTO aside VALUES (?, ?, ?)", place, unreadable.getMessage(), record.value());
            return;
        }
        if (!event.path("type").asText().equals(ANSWERED)) {
            return;
        }
        String id = event.path("id").asText();
        if (update("INSERT OR IGNORE INTO done VALUES (?)", id) == 0) {
            return; // it has had its effect
        }
        JsonNode data = event.path("data");
        boolean inTime = data.path("in_time").asBoolean();
        update("INSERT INTO answered VALUES (?, ?, ?, ?)",
                data.path("petition").asText(), data.path("place").asText(), event.path("time").asText(), inTime);
        System.out.println("answered " + id + " " + data.path("place").asText() + (inTime ? " in time" : " late"));
    }

    private int update(String statement, Object... values) throws SQLException {
        try (PreparedStatement prepared = db.prepareStatement(statement)) {
            for (int i = 0; i < values.length; i++) {
                prepared.setObject(i + 1, values[i]);
            }
            return prepared.executeUpdate();
        }
    }
}
