using System.Security.Cryptography;
using System.Text;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Page;

/// <summary>
/// A report: one file with viewer and data in it. Its policy (CSP) lets run and look what stands in it, by hash, and
/// forbids every request.
/// </summary>
internal static class PageHtml
{
    public static void Write(Shell shell, PageDocument document)
    {
        var (script, style) = (Text(ViewerFiles.Script), Text(ViewerFiles.Style));
        var data = Encoding.UTF8.GetString(PageJson.Of(document));
        var policy = $"default-src 'none'; script-src {Hash(script)}; style-src {Hash(style)}; base-uri 'none'; "
            + "form-action 'none'";
        shell.WriteDocument($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>dataplane</title>
            <style>{style}</style>
            </head>
            <body>
            <div id="app"><noscript>This report is shown by a script that stands in this file; it asks nobody for anything.</noscript></div>
            <script type="application/json" id="data">{data}</script>
            <script>{script}</script>
            </body>
            </html>

            """);
    }

    /// <summary>The page of <c>ui</c>, whose script and style are files beside it.</summary>
    public static byte[] Live() => """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <title>dataplane</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/viewer.css">
        </head>
        <body>
        <div id="app"></div>
        <script src="/viewer.js"></script>
        </body>
        </html>

        """u8.ToArray();

    private static string Text(ReadOnlyMemory<byte> file) => Encoding.UTF8.GetString(file.Span);

    private static string Hash(string text) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
