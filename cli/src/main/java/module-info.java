/** The {@code mme5} command. */
module dev.mme5.cli {
    requires dev.mme5.engine;
    requires dev.mme5.hub;
    requires dev.mme5.json;
    requires dev.mme5.search;
    requires dev.mme5.server;
    requires dev.mme5.tokenizer;
    requires dev.mme5.weights;
    requires info.picocli;
    requires jdk.jfr; // recordings are saved before serve halts the process
    requires static dev.mme5.lucene; // only for search --engine lucene: resolving it costs every start of the command time
    requires static java.logging; // of Lucene

    opens dev.mme5.cli to info.picocli;
    opens dev.mme5.cli.command to info.picocli;
    opens dev.mme5.cli.option to info.picocli;
    opens dev.mme5.cli.serving to info.picocli;
}
