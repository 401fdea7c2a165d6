@echo off
rem mme5 for Windows: starts the command that Maven has built. The build of this project runs on Linux and does not test this file.
rem
rem   JAVA_HOME       a JDK or Java runtime, 25 or newer; without it, java is looked for in PATH
rem   MME5_MODEL      default model instead of models\mini; no backslash at its end
rem   MME5_JAVA_OPTS  more flags for the JVM, such as -Xmx8g
rem
rem Exit status 2 if the command is not built. There are no labels and no blocks, so a path may have parentheses.
setlocal DisableDelayedExpansion
set "ROOT=%~dp0"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"
set "JAR="
for /f "delims=" %%F in ('dir /b "%ROOT%cli\target\mme5-cli-*.jar" 2^>nul ^| findstr /v /e /c:"-sources.jar" /c:"-javadoc.jar"') do set "JAR=%ROOT%cli\target\%%F"
if not exist "%ROOT%cli\target\modules\*.jar" set "JAR="
if not defined JAR echo mme5: the command is not built yet. With a JDK 25 and Maven, run in "%ROOT%": mvn -q -Dmaven.test.skip=true -pl cli -am package 1>&2
if not defined JAR exit /b 2
if not defined MME5_MODEL set "MME5_MODEL=%ROOT%models\mini"
"%JAVA%" -Xlog:disable -Xlog:all=error:stderr -Djava.awt.headless=true --enable-native-access=dev.mme5.cli,dev.mme5.engine,dev.mme5.weights,org.apache.lucene.core "-Dmme5.model=%MME5_MODEL%" %MME5_JAVA_OPTS% --add-modules dev.mme5.lucene --module-path "%ROOT%cli\target\modules;%JAR%" --module dev.mme5.cli/dev.mme5.cli.Main %*
exit /b %ERRORLEVEL%
