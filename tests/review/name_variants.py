"""Names of well known people and bodies, and how else the same are written.

Each is a public figure or body; the variants are made by rules, and by ear by hand.
"""

PEOPLE = """
    Andrés Manuel López Obrador
    Claudia Sheinbaum Pardo
    Enrique Peña Nieto
    Felipe de Jesús Calderón Hinojosa
    Vicente Fox Quesada
    Ernesto Zedillo Ponce de León
    Carlos Salinas de Gortari
    Miguel de la Madrid Hurtado
    José López Portillo y Pacheco
    Luis Echeverría Álvarez
    Gustavo Díaz Ordaz Bolaños
    Lázaro Cárdenas del Río
    Benito Juárez García
    Marcelo Ebrard Casaubón
    Alicia Bárcena Ibarra
    Juan Ramón de la Fuente Ramírez
    Omar García Harfuch
    Rosa Icela Rodríguez Velázquez
    Genaro García Luna
    Salvador Cienfuegos Zepeda
    Luis Cresencio Sandoval González
    José Rafael Ojeda Durán
    Ricardo Trevilla Trejo
    Octavio Paz Lozano
    Carlos Fuentes Macías
    Gabriel García Márquez
    Mario Vargas Llosa
    Felipe González Márquez
    Fidel Castro Ruz
    Raúl Castro Ruz
    Luiz Inácio Lula da Silva
    Dilma Vana Rousseff
    Gabriel Boric Font
    Gustavo Petro Urrego
    Nicolás Maduro Moros
    Hugo Chávez Frías
    Cristina Fernández de Kirchner
    Néstor Carlos Kirchner
    George Herbert Walker Bush
    Barack Hussein Obama
    Joseph Robinette Biden
    Donald John Trump
    Kamala Devi Harris
    Hillary Rodham Clinton
    William Jefferson Clinton
    James Earl Carter
    Ronald Wilson Reagan
    Richard Milhous Nixon
    John Fitzgerald Kennedy
    Robert Francis Kennedy
    Franklin Delano Roosevelt
    Theodore Roosevelt
    Eleanor Roosevelt
    Lyndon Baines Johnson
    Dwight David Eisenhower
    Colin Luther Powell
    Janet Ann Napolitano
    Alejandro Nicholas Mayorkas
    Gregory Michael Guillot
    Glen David VanHerck
    Lloyd James Austin
    James Norman Mattis
    Mark Alexander Milley
    Antony John Blinken
    Justin Trudeau
    Angela Merkel
    Emmanuel Macron
    Margaret Hilda Thatcher
    Winston Leonard Churchill
""".strip().splitlines()

# One person each, as written down in several languages.
BY_EAR = (
    ("Volodymyr Zelensky", "Volodymyr Zelenskyy", "Wolodymyr Selenskyj"),
    ("Vladimir Putin", "Владимир Путин", "Wladimir Putin"),
    ("Nikita Khrushchev", "Nikita Chruschtschow", "Никита Хрущёв"),
    ("Mikhail Gorbachev", "Michail Gorbatschow", "Михаил Горбачёв"),
    ("Boris Yeltsin", "Boris Jelzin", "Борис Ельцин"),
    ("Muammar Gaddafi", "Muammar Qaddafi", "Moammar Khadafy", "Mouammar Kadhafi"),
    ("Saddam Hussein", "Saddam Husayn", "Saddam Hosein"),
    ("Osama bin Laden", "Usama bin Ladin"),
    ("Mohammed bin Salman", "Muhammad bin Salman", "Mohamed bin Salmane"),
    ("Mahmoud Ahmadinejad", "Mahmud Ahmadinedschad", "Mahmood Ahmadinejad"),
    ("Ali Khamenei", "Ali Chamenei"),
    ("Anwar Sadat", "Anouar Sadate"),
    ("Gamal Abdel Nasser", "Jamal Abd al-Nasir", "Gamal Abdel Naser"),
    ("Benjamin Netanyahu", "Binyamin Netanjahu", "Benyamin Netanyahu"),
    ("Pyotr Tchaikovsky", "Piotr Chaikovsky", "Pjotr Tschaikowski"),
    ("Fyodor Dostoevsky", "Fjodor Dostojewski", "Fedor Dostoyevsky"),
    ("Leonid Brezhnev", "Leonid Breschnew", "Леонид Брежнев"),
    ("Alexei Navalny", "Alexej Nawalny", "Aleksei Navalny"),
    ("Sergey Lavrov", "Sergei Lawrow", "Сергей Лавров"),
    ("Xi Jinping", "Xi Jin-ping", "习近平"),
    ("Mao Zedong", "Mao Ze Dong"),
    ("Alexis Tsipras", "Αλέξης Τσίπρας"),
    ("Yuri Andropov", "Juri Andropow", "Юрий Андропов"),
    ("Jürgen Habermas", "Juergen Habermas"),
    ("Gerhard Schröder", "Gerhard Schroeder"),
    ("Slobodan Milošević", "Slobodan Milosevic", "Слободан Милошевић"),
)

# Who is not the same, however alike the names are.
NAMESAKES = """
    Julio Ramírez Soto
    Julia Ramírez Soto
    José Hernández Peña
    José Fernández Peña
    María Elena Torres
    Mario Elena Torres
    John Adams
    John Quincy Adams Foster
    Luis Morales Ortiz
    Luis Rosales Ortiz
    Donald John Trump Jr.
    Robert Francis Kennedy Jr.
    Ana María Núñez Ortega
    Ana María Núñez Prieto
    Carlos Slim Helú
    Carlos Slim Domit
    Cuauhtémoc Cárdenas Solórzano
    Michelle Robinson Obama
    Laura Welch Bush
    Melania Trump
    William Howard Taft
    Henry Alfred Kissinger
    Jorge Castañeda Gutman
    Jorge Castañeda Álvarez
    Alejandro Ramírez Magaña
    Alejandra Ramírez Magaña
    Daniel Ortega Saavedra
    Daniela Ortega Saavedra
    Humberto Ortega Saavedra
    José María Ibáñez Ruiz
    María José Ibáñez Ruiz
    Luis Alberto Ponce Vega
    Luis Roberto Ponce Vega
    Juan Carlos Rivas Mena
    Juan Camilo Rivas Mena
    Pedro Sánchez Castejón
    Pedro Santos Castejón
""".strip().splitlines()

# A body, and how else it is written: glued, in another order, with its legal form
# written out, in another script.
BODIES = (
    ("Siemens AG", "Siemens Aktiengesellschaft", "Siemens"),
    ("Volkswagen AG", "Volkswagen Aktiengesellschaft", "VOLKSWAGEN A.G."),
    ("Robert Bosch GmbH", "Robert Bosch Gesellschaft mit beschränkter Haftung"),
    ("Lockheed Martin Corp.", "Lockheed Martin Corporation", "LockheedMartin"),
    ("General Dynamics Corporation", "General Dynamics Corp", "General Dynamics"),
    ("The Boeing Company", "Boeing Co.", "Boeing"),
    ("Northrop Grumman Corporation", "Northrop Grumman Corp.", "NorthropGrumman"),
    ("Elbit Systems Ltd.", "Elbit Systems Limited", "ElbitSystems"),
    ("Anduril Industries, Inc.", "Anduril Industries Incorporated"),
    ("Palantir Technologies Inc.", "Palantir Technologies", "PalantirTechnologies"),
    ("Booz Allen Hamilton Inc.", "Booz Allen & Hamilton, Incorporated"),
    ("América Móvil, S.A.B. de C.V.", "America Movil SAB de CV"),
    (
        "Aeroméxico, S.A. de C.V.",
        "Aeromexico Sociedad Anónima de Capital Variable",
        "Aeroméxico SA de CV",
    ),
    (
        "Grupo Bimbo, S.A. de C.V.",
        "Grupo Bimbo, Sociedad Anónima de Capital Variable",
    ),
    ("México Evalúa, A.C.", "Mexico Evalua Asociación Civil", "México Evalúa"),
    ("Petróleos Mexicanos", "Petroleos Mexicanos", "PetróleosMexicanos"),
    ("Gazprom", "Газпром", "PAO Gazprom"),
    ("Rosneft", "Роснефть"),
    ("Aeroflot", "Аэрофлот"),
    ("Secretaría de la Defensa Nacional", "Secretaria de Defensa Nacional"),
    ("Secretaría de Marina", "Secretaria de la Marina", "Marina, Secretaría de"),
    ("Guardia Nacional", "GuardiaNacional", "La Guardia Nacional"),
    ("Fiscalía General de la República", "Fiscalia General de la Republica"),
    (
        "U.S. Customs and Border Protection",
        "US Customs & Border Protection",
        "Customs and Border Protection, U.S.",
    ),
    (
        "Drug Enforcement Administration",
        "The Drug Enforcement Administration",
        "DEA",
    ),
    ("Federal Bureau of Investigation", "FBI", "Federal Bureau for Investigation"),
    (
        "Universidad Nacional Autónoma de México",
        "UNAM",
        "Universidad Autónoma Nacional de México",
    ),
    (
        "Department of Homeland Security",
        "Homeland Security Department",
        "Departement of Homeland Security",
    ),
    ("Department of Defense", "Defense Department", "The Department of Defense"),
    ("Department of State", "State Department"),
    ("Immigration and Customs Enforcement", "Immigration & Customs Enforcement"),
    ("National Guard Bureau", "The National Guard Bureau", "NationalGuard Bureau"),
)

# Bodies that are not one of those, nor of each other.
OTHER_BODIES = """
    Siemens GmbH
    U.S. Northern Command
    U.S. Southern Command
    Department of Justice
    Department of the Interior
    Secretaría de Gobernación
    Secretaría de Economía
    Secretaría de Energía
    Universidad Autónoma de Nuevo León
    Universidad Autónoma Metropolitana
    Guardia Costera
    Policía Federal
    Policía Federal Ministerial
    General Motors Company
    General Electric Company
    Martin Marietta Materials, Inc.
    Robert Bosch Stiftung
    Bosch Rexroth AG
    65 Battalion
    66 Battalion
    Third Infantry Division
    Fourth Infantry Division
""".strip().splitlines()

SMALL = {"de", "la", "del", "y", "da"}


def people():
    """Each person's name with how else it is written, by rule or by ear."""
    known = [name.strip() for name in PEOPLE]
    written = [(name, *dict.fromkeys(_by_rule(name))) for name in known]
    return [*written, *BY_EAR, *((name.strip(),) for name in NAMESAKES)]


def bodies():
    """The same of bodies."""
    return [*BODIES, *((name.strip(),) for name in OTHER_BODIES)]


def _by_rule(name):
    """How else a name is written by people, lists and machines."""
    given, family = _parts(name.split())
    yield name.replace(" ", "")  # glued
    yield f"{' '.join(family)} {' '.join(given)}"  # the family name first
    yield f"{' '.join(family).upper()}, {' '.join(given)}"
    yield f"{given[0][0]}. {' '.join([*given[1:], *family])}"
    yield f"Gen. {name}"
    yield f"Lic. {name}"
    if len(given) > 1:
        yield f"{given[0]} {given[1][0]}. {' '.join(family)}"
        yield f"{given[0][0]}{given[1][0]} {' '.join(family)}"
        yield f"{given[0]} {' '.join(family)}"  # without the second given name
    if len(family) > 1:
        yield f"{' '.join(given)} {family[0]}"  # without the mother's family name
        yield f"{' '.join(given)} {'-'.join(family)}"


def _parts(words):
    """The given names and the family names, as the lists here have them.

    Small words stand with the name that follows them.
    """
    names, small = [], []
    for word in words:
        small.append(word)
        if word not in SMALL:
            names.append(" ".join(small))
            small = []
    number = 2 if len(names) > 3 or words[0] in ENGLISH_GIVEN else 1
    return names[:number], names[number:]


ENGLISH_GIVEN = {
    *("Barack", "Joseph", "Donald", "Kamala", "Hillary", "William", "James", "Ronald"),
    *("Richard", "John", "Robert", "Franklin", "Lyndon", "Dwight", "Colin", "Janet"),
    *("Alejandro", "Gregory", "Glen", "Lloyd", "Mark", "Antony", "Margaret"),
    *("Winston", "Dilma", "Néstor"),
}
