import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Compiles the programs below src/main/java with all warnings as errors: LIBRARIES LEVEL[-FILE LEFT OUT]... */
class Lint {
    public static void main(String[] arguments) throws IOException {
        String libraries = "";
        for (File jar : new File(arguments[0]).listFiles()) {
            libraries += jar + File.pathSeparator;
        }
        for (int i = 1; i < arguments.length; i++) {
            String[] level = arguments[i].split("-", 2);
            // What a new compiler says about the level 8 itself is not about the program.
            List<String> words = new ArrayList<>(List.of("-Xlint:all,-options", "-Werror", "--release", level[0]));
            words.addAll(List.of("-d", "target/lint" + level[0], "-cp", libraries));
            try (Stream<Path> files = Files.walk(Paths.get("src/main/java"))) {
                files.map(Path::toString)
                        .filter(name -> name.endsWith(".java"))
                        .filter(name -> level.length < 2 || !name.endsWith(level[1]))
                        .forEach(words::add);
            }
            if (ToolProvider.getSystemJavaCompiler().run(null, null, null, words.toArray(new String[0])) != 0) {
                System.exit(1);
            }
        }
    }
}
