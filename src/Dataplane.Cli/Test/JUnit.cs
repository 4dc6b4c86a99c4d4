using System.Xml;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Test;

/// <summary>
/// Writes JUnit XML as CI servers read it. XML has no control characters, not even as references: what others wrote is
/// made visible.
/// </summary>
internal static class JUnit
{
    public static XmlWriter Writer(TextWriter output) =>
        XmlWriter.Create(output, new XmlWriterSettings { Indent = true, CloseOutput = false, NewLineChars = "\n" });

    /// <param name="problem">The element <c>failure</c> or <c>error</c> with its one-line message and its body; null
    /// for a passed case.</param>
    public static void Case(
        XmlWriter xml, string className, string name, (string Element, string Message, string Text)? problem)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Visible.Line(className));
        xml.WriteAttributeString("name", Visible.Line(name));
        if (problem is var (element, message, text))
        {
            xml.WriteStartElement(element);
            xml.WriteAttributeString("message", Visible.Line(message));
            xml.WriteString(Visible.Lines(text));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }
}
