using System.Xml;

namespace Dataplane.Cli.Test;

/// <summary>JUnit's XML as CI servers read it.</summary>
internal static class JUnit
{
    public static XmlWriter Writer(TextWriter output) =>
        XmlWriter.Create(output, new XmlWriterSettings { Indent = true, CloseOutput = false, NewLineChars = "\n" });

    /// <param name="problem">An element <c>failure</c> or <c>error</c>, its message in one line, its body; null where
    /// all is well.</param>
    public static void Case(
        XmlWriter xml, string className, string name, (string Element, string Message, string Text)? problem)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", className);
        xml.WriteAttributeString("name", name);
        if (problem is var (element, message, text))
        {
            xml.WriteStartElement(element);
            xml.WriteAttributeString("message", message);
            xml.WriteString(text);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }
}
