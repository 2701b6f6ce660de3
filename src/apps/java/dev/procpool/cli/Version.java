package dev.procpool.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of procpool and of the JVM it runs on. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "procpool " + (version == null ? "(not packaged)" : version) + " on Java " + Runtime.version()
        };
    }
}
